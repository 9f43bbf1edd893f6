import type { Work } from './limits.js';
import { matchesAlternative, matchesList } from './match.js';
import { shortestCommonName } from './name-overlap.js';
import { toPatternList } from './parse.js';
import type { Alternative, Item, PatternLike, PatternList } from './pattern.js';
import { type Segment, shortestName } from './segment.js';
import { shortestDifference } from './subtract.js';

/** Two patterns meet, and this path shows it. */
export interface Overlap {
  /** A shortest path (in characters) that both match; it need not exist. */
  readonly witness: string;
}

const NEVER = 1 << 29;

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

/** The shorter of two paths, the first on a tie. */
export function shorter(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return length(b) < length(a) ? b : a;
}

/** Code points, so that a path's length does not depend on how JavaScript stores it. */
export function length(path: string): number {
  let count = 0;
  for (const _ of path) count++;
  return count;
}

/** A shortest path that a brace-free reading matches; none for such as `[.]`. */
export function shortestPath({ items, literal }: Alternative): string | undefined {
  if (literal !== undefined) return literal;
  const names = items.flatMap((item) => (item === '**' ? [] : [shortestName(item)]));
  return names.includes(undefined) ? undefined : names.join('/');
}

/** A shortest path that two brace-free readings both match. */
export function commonPath(a: Alternative, b: Alternative, work: Work): string | undefined {
  work.steps++;
  if (a.literal !== undefined) return matchesAlternative(b, a.literal) ? a.literal : undefined;
  if (b.literal !== undefined) return matchesAlternative(a, b.literal) ? b.literal : undefined;
  if (!a.prefix.startsWith(b.prefix) && !b.prefix.startsWith(a.prefix)) return undefined;
  if (!a.suffix.endsWith(b.suffix) && !b.suffix.endsWith(a.suffix)) return undefined;
  if (!a.deep && !b.deep && a.items.length !== b.items.length) return undefined;
  const grid = new PathGrid(a.items, b.items, work);
  return grid.namesFrom(0, 0)?.join('/');
}

/**
 * The product of two sequences of segments: cell (i, j) holds how many characters, slashes included, a shortest
 * common path needs from item i of one and item j of the other to the end of both. Every move goes right,
 * down or both, so the cells are filled in from the end.
 */
export class PathGrid {
  readonly #a: readonly Item[];
  readonly #b: readonly Item[];
  readonly #width: number;
  readonly #cost: Int32Array;
  /** Names read by the best move of each cell. */
  readonly #names = new Map<number, string>();
  /** The cell that the best move of each cell leads to. */
  readonly #next: Int32Array;

  constructor(a: readonly Item[], b: readonly Item[], work: Work) {
    this.#a = a;
    this.#b = b;
    this.#width = b.length + 1;
    const cells = (a.length + 1) * this.#width;
    this.#cost = new Int32Array(cells).fill(NEVER);
    this.#next = new Int32Array(cells).fill(-1);
    work.steps += cells;
    this.#cost[cells - 1] = 0;
    for (let i = a.length; i >= 0; i--) {
      for (let j = b.length; j >= 0; j--) this.#fill(i, j, work);
    }
  }

  /** The names of a shortest common path from here to the end of both. */
  namesFrom(i: number, j: number): string[] | undefined {
    let cell = i * this.#width + j;
    if ((this.#cost[cell] as number) >= NEVER) return undefined;
    const names: string[] = [];
    for (; (this.#next[cell] as number) >= 0; cell = this.#next[cell] as number) {
      const name = this.#names.get(cell);
      if (name !== undefined) names.push(name);
    }
    return names;
  }

  #fill(i: number, j: number, work: Work): void {
    const a = this.#a[i];
    const b = this.#b[j];
    if (a === '**') this.#offer(i, j, i + 1, j);
    if (b === '**') this.#offer(i, j, i, j + 1);
    if (a === undefined || b === undefined || (a === '**' && b === '**')) return;
    if (a === '**') this.#offerName(i, j, i, j + 1, () => shortestName(b as Segment));
    else if (b === '**') this.#offerName(i, j, i + 1, j, () => shortestName(a));
    else this.#offerName(i, j, i + 1, j + 1, () => shortestCommonName(a, b, work));
  }

  #offerName(i: number, j: number, nextI: number, nextJ: number, find: () => string | undefined): void {
    if ((this.#cost[nextI * this.#width + nextJ] as number) >= NEVER) return;
    const name = find();
    if (name !== undefined) this.#offer(i, j, nextI, nextJ, name);
  }

  #offer(i: number, j: number, nextI: number, nextJ: number, name?: string): void {
    const here = i * this.#width + j;
    const there = nextI * this.#width + nextJ;
    const cost = (this.#cost[there] as number) + (name === undefined ? 0 : length(name) + 1);
    if (cost >= (this.#cost[here] as number)) return;
    this.#cost[here] = cost;
    this.#next[here] = there;
    if (name === undefined) this.#names.delete(here);
    else this.#names.set(here, name);
  }
}
