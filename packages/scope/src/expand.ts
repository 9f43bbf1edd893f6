import type { FileTree } from './file-tree.js';
import { matchesAlternative, matchesList } from './match.js';
import { toPatternList } from './parse.js';
import type { Alternative, PatternLike } from './pattern.js';

/**
 * The files of the tree that the pattern matches, in the tree's order.
 *
 * O(log n) for a literal; otherwise only files with the pattern's literal beginning are looked at, or,
 * where the last name is literal (`**\/package.json`), only files of that name.
 *
 * @throws PwtError as `parsePattern`, when given text.
 */
export function expand(pattern: PatternLike, tree: FileTree): readonly string[] {
  return expandPositions(pattern, tree).map((at) => tree.paths[at] as string);
}

/** As {@link expand}, as ascending positions in `tree.paths`. */
export function expandPositions(pattern: PatternLike, tree: FileTree): readonly number[] {
  const list = toPatternList(pattern);
  const alternatives = list.include.flatMap((included) => included.alternatives);
  const [only] = alternatives;
  let found: number[];
  if (alternatives.length === 1 && only) {
    found = positionsOf(only, tree);
  } else {
    const union = new Set<number>();
    for (const alternative of alternatives) for (const at of positionsOf(alternative, tree)) union.add(at);
    found = [...union].sort((a, b) => a - b);
  }
  if (list.exclude.length === 0) return found;
  return found.filter((at) => matchesList(list, tree.paths[at] as string));
}

function positionsOf(alternative: Alternative, tree: FileTree): number[] {
  if (alternative.literal !== undefined) {
    const at = tree.positionOf(alternative.literal);
    return at < 0 ? [] : [at];
  }
  const [start, end] = tree.rangeOf(alternative.prefix);
  const last = alternative.items.at(-1);
  if (last !== '**' && last?.literal !== undefined) {
    const named = tree.positionsNamed(last.literal);
    if (named.length < end - start) {
      return named.filter(
        (at) => at >= start && at < end && matchesAlternative(alternative, tree.paths[at] as string),
      );
    }
  }
  const found: number[] = [];
  for (let at = start; at < end; at++) {
    if (matchesAlternative(alternative, tree.paths[at] as string)) found.push(at);
  }
  return found;
}
