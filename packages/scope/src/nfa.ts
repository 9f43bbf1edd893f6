import { type CharRange, CharSet, NAME_CHARS } from './char-set.js';
import type { Pattern } from './pattern.js';

const SLASH = 0x2f;

interface Edge {
  readonly on: number | CharSet;
  readonly to: number;
}

/** A nondeterministic automaton over the characters of whole paths, for any number of patterns at once. */
export class PathNfa {
  readonly #edges: Edge[][] = [];
  readonly #silent: number[][] = [];
  readonly #accepting = new Set<number>();
  readonly #starts: number[] = [];

  constructor(patterns: readonly Pattern[]) {
    for (const pattern of patterns) {
      for (const { items } of pattern.alternatives) {
        let state = this.#add();
        this.#starts.push(state);
        for (const [at, item] of items.entries()) {
          if (item === '**') {
            state = this.#addGlobstar(state);
            continue;
          }
          for (const token of item.tokens) {
            const next = this.#add();
            if (token === '*') {
              this.#silent[state]?.push(next);
              this.#edges[next]?.push({ on: NAME_CHARS, to: next });
            } else {
              this.#edges[state]?.push({ on: token, to: next });
            }
            state = next;
          }
          if (at === items.length - 1) break;
          const next = this.#add();
          this.#edges[state]?.push({ on: SLASH, to: next });
          state = next;
        }
        this.#accepting.add(state);
      }
    }
  }

  /** How many states there are. */
  get size(): number {
    return this.#edges.length;
  }

  /** The states before anything is read, sorted. */
  start(): number[] {
    return this.#close(new Set(this.#starts));
  }

  /** The states after one more character, sorted. */
  step(states: readonly number[], char: number): number[] {
    const next = new Set<number>();
    for (const state of states) {
      for (const { on, to } of this.#edges[state] as Edge[]) {
        if (typeof on === 'number' ? on === char : on.has(char)) next.add(to);
      }
    }
    return this.#close(next);
  }

  accepts(states: readonly number[]): boolean {
    return states.some((state) => this.#accepting.has(state));
  }

  /** Every range on which edges can differ, for {@link alphabet}. */
  ranges(): CharRange[] {
    return this.#edges.flat().flatMap(({ on }) => (typeof on === 'number' ? [[on, on] as const] : on.ranges));
  }

  /** `(name/)*`, entered at and left from the same state. */
  #addGlobstar(before: number): number {
    const inside = this.#add();
    this.#edges[before]?.push({ on: NAME_CHARS, to: inside });
    this.#edges[inside]?.push({ on: NAME_CHARS, to: inside }, { on: SLASH, to: before });
    return before;
  }

  #add(): number {
    this.#silent.push([]);
    return this.#edges.push([]) - 1;
  }

  #close(states: Set<number>): number[] {
    for (const state of states) for (const next of this.#silent[state] as number[]) states.add(next);
    return [...states].sort((a, b) => a - b);
  }
}

/** One character for each class of characters that no automaton tells apart. */
export function alphabet(automata: readonly PathNfa[]): number[] {
  const bounds = new Set<number>([0x2e, 0x2f, 0x30]);
  for (const [first, last] of automata.flatMap((automaton) => automaton.ranges())) {
    bounds.add(first);
    bounds.add(last + 1);
  }
  const sorted = [...bounds].sort((a, b) => a - b);
  return sorted.flatMap((first, at) => {
    const interval = CharSet.of([[first, (sorted[at + 1] ?? 0x110000) - 1]]);
    if (first === 0x2e || first === SLASH) return [first];
    return interval.intersect(NAME_CHARS).pick() ?? [];
  });
}
