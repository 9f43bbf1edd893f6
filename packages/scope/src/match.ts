import { toPatternList } from './parse.js';
import type { Alternative, PatternLike, PatternList } from './pattern.js';
import { isName, matchName, type Segment } from './segment.js';

/**
 * Whether a path is matched. The path is as git prints it: relative to the root, `/` between names,
 * no `.`, `..` or empty names.
 *
 * A prefix and a suffix test settle most calls; at worst O(pattern × path) per alternative.
 *
 * @throws PwtError as `parsePattern`, when given text.
 */
export function matches(pattern: PatternLike, path: string): boolean {
  return matchesList(toPatternList(pattern), path);
}

/** {@link matches} on a list that is already parsed. */
export function matchesList(list: PatternList, path: string): boolean {
  const hit = (alternative: Alternative) => matchesAlternative(alternative, path);
  return (
    list.include.some((pattern) => pattern.alternatives.some(hit)) &&
    !list.exclude.some((pattern) => pattern.alternatives.some(hit))
  );
}

/** Whether one brace-free reading matches a path. */
export function matchesAlternative(alternative: Alternative, path: string): boolean {
  if (alternative.literal !== undefined) return alternative.literal === path;
  if (!path.startsWith(alternative.prefix) || !path.endsWith(alternative.suffix)) return false;
  if (alternative.below) return isName(path.slice(alternative.prefix.length));
  return matchNames(alternative, path.split('/'));
}

/** Greedy over `**` as `matchTokens` is over `*`: only the last one ever needs another try. */
function matchNames({ items, prefixNames }: Alternative, names: readonly string[]): boolean {
  // The prefix test has settled the names before the first wildcard.
  let item = prefixNames.length;
  let at = prefixNames.length;
  let starItem = -1;
  let starAt = 0;
  while (at < names.length) {
    const expected = items[item];
    if (expected === '**') {
      starItem = item++;
      starAt = at;
    } else if (expected !== undefined && matchName(expected as Segment, names[at] as string)) {
      item++;
      at++;
    } else if (starItem >= 0) {
      item = starItem + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  return item === items.length;
}
