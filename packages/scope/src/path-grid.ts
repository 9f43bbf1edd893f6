import type { Work } from './limits.js';
import { shortestCommonName } from './name-overlap.js';
import type { Item } from './pattern.js';

const NEVER = 1 << 29;

/** Code points, so that a path's length does not depend on how JavaScript stores it. */
export function length(path: string): number {
  let count = 0;
  for (const _ of path) count++;
  return count;
}

/**
 * The product of two sequences of segments: cell (i, j) holds how many characters, slashes included, a shortest
 * common path needs from item i of one and item j of the other to the end of both. Every move goes right,
 * down or both, so the cells are filled in from the end.
 */
export class PathGrid {
  readonly #a: readonly Item[];
  readonly #b: readonly Item[];
  readonly #work: Work;
  readonly #width: number;
  readonly #cost: Int32Array;
  /** The cell that the best move of each cell leads to. */
  readonly #next: Int32Array;

  /** O(a × b) cells, and one name overlap for each pair of segments from which the end can be reached. */
  constructor(a: readonly Item[], b: readonly Item[], work: Work) {
    this.#a = a;
    this.#b = b;
    this.#work = work;
    this.#width = b.length + 1;
    const cells = (a.length + 1) * this.#width;
    this.#cost = new Int32Array(cells).fill(NEVER);
    this.#next = new Int32Array(cells).fill(-1);
    work.steps += cells;
    this.#cost[cells - 1] = 0;
    for (let i = a.length; i >= 0; i--) {
      for (let j = b.length; j >= 0; j--) this.#fill(i, j);
    }
  }

  /** The names of a shortest common path from here to the end of both. */
  namesFrom(i: number, j: number): string[] | undefined {
    let cell = i * this.#width + j;
    if ((this.#cost[cell] as number) >= NEVER) return undefined;
    const names: string[] = [];
    for (;;) {
      const next = this.#next[cell] as number;
      if (next < 0) return names;
      if ((this.#cost[next] as number) < (this.#cost[cell] as number)) {
        names.push(this.#name(Math.floor(cell / this.#width), cell % this.#width) as string);
      }
      cell = next;
    }
  }

  #fill(i: number, j: number): void {
    const a = this.#a[i];
    const b = this.#b[j];
    if (a === '**') this.#offer(i, j, i + 1, j, 0);
    if (b === '**') this.#offer(i, j, i, j + 1, 0);
    if (a === undefined || b === undefined || (a === '**' && b === '**')) return;
    const nextI = a === '**' ? i : i + 1;
    const nextJ = b === '**' ? j : j + 1;
    if ((this.#cost[nextI * this.#width + nextJ] as number) >= NEVER) return;
    const name = this.#name(i, j);
    if (name !== undefined) this.#offer(i, j, nextI, nextJ, length(name) + 1);
  }

  /** A shortest name that can be read here. */
  #name(i: number, j: number): string | undefined {
    const a = this.#a[i];
    const b = this.#b[j];
    if (a === undefined || a === '**') return b === '**' ? undefined : b?.shortest;
    if (b === undefined || b === '**') return a.shortest;
    return shortestCommonName(a, b, this.#work);
  }

  #offer(i: number, j: number, nextI: number, nextJ: number, step: number): void {
    const here = i * this.#width + j;
    const there = nextI * this.#width + nextJ;
    const cost = (this.#cost[there] as number) + step;
    if (cost >= (this.#cost[here] as number)) return;
    this.#cost[here] = cost;
    this.#next[here] = there;
  }
}
