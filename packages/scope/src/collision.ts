import { directoryConflict, filesAsDirectories } from './directory.js';
import { foldAlternative, unfold } from './fold.js';
import type { Work } from './limits.js';
import { matchesList } from './match.js';
import { alignNames } from './name-overlap.js';
import { commonPath, overlapLists } from './overlap.js';
import { toPatternList } from './parse.js';
import type { Alternative, Item, PatternLike, PatternList } from './pattern.js';
import { literalSegment, matchName } from './segment.js';

/** Two different paths that a file system without case or normalisation cannot keep apart. */
export interface Collision {
  /** Matched by the first pattern. */
  readonly a: string;
  /** Matched by the second one. */
  readonly b: string;
}

/**
 * Whether two patterns that do not overlap do so where names are compared without case and in NFC,
 * as on macOS and Windows: `README.md` with `readme.md`, also as file against directory (`Foo` with `foo/x`).
 * `null` as well when they overlap, or conflict as file against directory, without any folding.
 *
 * Folding is by single code points (final sigma and long s included, `ß` and `İ` left alone); a wildcard stands
 * for composed characters. With `!` a pair is reported only if it is not subtracted. Costs as `overlap`,
 * plus some 10 ms once per process when a class reaches beyond what is written out.
 *
 * @throws PwtError as `overlap`.
 */
export function collision(a: PatternLike, b: PatternLike): Collision | null {
  const [left, right] = [toPatternList(a), toPatternList(b)];
  const work: Work = { steps: 0 };
  if (overlapLists(left, right, work)) return null;
  const same = firstPair(left, right, (x, y) => {
    const path = commonPath(foldAlternative(x), foldAlternative(y), work);
    return path === undefined ? undefined : { a: spell(x, path), b: spell(y, path) };
  });
  if (same || directoryConflict(left, right)) return same;
  return firstPair(left, right, (x, y) => {
    const [foldedX, foldedY] = [foldAlternative(x), foldAlternative(y)];
    const conflict =
      filesAsDirectories(foldedX, foldedY, 'a', work) ?? filesAsDirectories(foldedY, foldedX, 'b', work);
    if (!conflict) return undefined;
    return conflict.fileSide === 'a'
      ? { a: spell(x, conflict.file), b: spell(y, conflict.below) }
      : { a: spell(x, conflict.below), b: spell(y, conflict.file) };
  });
}

function firstPair(
  left: PatternList,
  right: PatternList,
  find: (x: Alternative, y: Alternative) => Collision | undefined,
): Collision | null {
  for (const x of left.include.flatMap((pattern) => pattern.alternatives)) {
    for (const y of right.include.flatMap((pattern) => pattern.alternatives)) {
      const pair = find(x, y);
      if (pair && matchesList(left, pair.a) && matchesList(right, pair.b)) return pair;
    }
  }
  return null;
}

/** A path that the pattern itself matches and that folds to `folded`, which its folded form matches. */
function spell(alternative: Alternative, folded: string): string {
  if (alternative.literal !== undefined) return alternative.literal;
  const names = folded.split('/');
  return assign(foldAlternative(alternative).items, names)
    .map((item, at) => {
      const name = names[at] as string;
      if (item === '**') return name;
      const literal = literalSegment(name);
      const steps = alignNames(item, literal, { steps: 0 }) ?? [];
      return steps.map((step) => unfold(item, step.a, step.char)).join('');
    })
    .join('/');
}

/** Which item stands for each name, in a path that is known to match. */
function assign(items: readonly Item[], names: readonly string[]): Item[] {
  const assigned: Item[] = [];
  let item = 0;
  let starItem = -1;
  let starAt = 0;
  while (assigned.length < names.length) {
    const expected = items[item];
    if (expected === '**') {
      starItem = item++;
      starAt = assigned.length;
    } else if (expected !== undefined && matchName(expected, names[assigned.length] as string)) {
      assigned.push(expected);
      item++;
    } else {
      assigned.length = starAt++;
      assigned.push('**');
      item = starItem + 1;
    }
  }
  return assigned;
}
