import type { Work } from './limits.js';
import { matchesAlternative, matchesList } from './match.js';
import { shortestCommonName } from './name-overlap.js';
import { toPatternList } from './parse.js';
import { length, PathGrid } from './path-grid.js';
import type { Alternative, PatternLike, PatternList } from './pattern.js';
import type { Segment } from './segment.js';
import { shortestDifference } from './subtract.js';

/** Two patterns overlap, and this path shows it. */
export interface Overlap {
  /** A shortest path (in characters) that both match; it need not exist. */
  readonly witness: string;
}

/**
 * Whether some path, existing or not, is matched by both: `null`, or a shortest such path. Exact and symmetric
 * (of several shortest paths, the order of the arguments may pick another).
 *
 * Literals and different beginnings or endings are settled at once. Otherwise O(segments × segments) per pair
 * of alternatives, and O(tokens × tokens) per pair of names with wildcards in both. Lists whose `!` patterns
 * cover the shortest common path need a search over sets of states, bounded by `LIMITS.subtractionSteps`.
 *
 * @throws PwtError as `parsePattern`, when given text; `PWT_PATTERN_TOO_COMPLEX` for a search beyond its bound.
 */
export function overlap(a: PatternLike, b: PatternLike): Overlap | null {
  return overlapLists(toPatternList(a), toPatternList(b), { steps: 0 });
}

/** {@link overlap} on parsed lists, counting its steps. */
export function overlapLists(a: PatternList, b: PatternList, work: Work): Overlap | null {
  let witness: string | undefined;
  for (const left of a.include) {
    for (const right of b.include) {
      for (const x of left.alternatives) {
        for (const y of right.alternatives) witness = shorter(witness, commonPath(x, y, work));
      }
    }
  }
  if (witness === undefined) return null;
  const exclude = [...a.exclude, ...b.exclude];
  if (exclude.length === 0 || !matchesList({ include: exclude, exclude: [] }, witness)) return { witness };
  const path = shortestDifference(a.include, b.include, exclude, work);
  return path === undefined ? null : { witness: path };
}

/** The shorter of two paths; on a tie the one that sorts first, in whatever order they are found. */
export function shorter(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  const longer = length(b) - length(a);
  return longer < 0 || (longer === 0 && b < a) ? b : a;
}

/** A shortest path that a brace-free reading matches; none for such as `[.]`. */
export function shortestPath({ items, literal }: Alternative): string | undefined {
  if (literal !== undefined) return literal;
  const names = items.flatMap((item) => (item === '**' ? [] : [item.shortest]));
  return names.includes(undefined) ? undefined : names.join('/');
}

/** A shortest path that two brace-free readings both match. */
export function commonPath(a: Alternative, b: Alternative, work: Work): string | undefined {
  work.steps++;
  if (a.literal !== undefined) return matchesAlternative(b, a.literal) ? a.literal : undefined;
  if (b.literal !== undefined) return matchesAlternative(a, b.literal) ? b.literal : undefined;
  if (!a.prefix.startsWith(b.prefix) && !b.prefix.startsWith(a.prefix)) return undefined;
  if (!a.suffix.endsWith(b.suffix) && !b.suffix.endsWith(a.suffix)) return undefined;
  if (!a.deep && !b.deep) return commonPathOfNames(a.items as Segment[], b.items as Segment[], work);
  const grid = new PathGrid(a.items, b.items, work);
  return grid.namesFrom(0, 0)?.join('/');
}

/** Without `**` the names of both stand side by side. */
function commonPathOfNames(a: readonly Segment[], b: readonly Segment[], work: Work): string | undefined {
  if (a.length !== b.length) return undefined;
  const names: string[] = [];
  for (const [at, segment] of a.entries()) {
    const name = shortestCommonName(segment, b[at] as Segment, work);
    if (name === undefined) return undefined;
    names.push(name);
  }
  return names.join('/');
}
