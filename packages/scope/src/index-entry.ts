import { weigh } from './common-paths.js';
import type { PatternLike, PatternList } from './pattern.js';

/** A pattern with its owners. Most have one owner: a set is made only when it is read. */
export class IndexEntry<T> {
  readonly key: string;
  readonly pattern: PatternLike;
  readonly list: PatternList;
  /** In the order in which entries are added. */
  readonly number: number;
  #first: T;
  #all: Set<T> | undefined;

  constructor(key: string, pattern: PatternLike, list: PatternList, number: number, owner: T) {
    this.key = key;
    this.pattern = pattern;
    this.list = list;
    this.number = number;
    this.#first = owner;
  }

  get owners(): ReadonlySet<T> {
    this.#all ??= new Set([this.#first]);
    return this.#all;
  }

  /** The sum of the owners' weights. */
  weigh(weightOf: (owner: T) => number): number {
    return this.#all ? weigh(this.#all, weightOf) : weightOf(this.#first);
  }

  some(test: (owner: T) => boolean): boolean {
    return this.#all ? [...this.#all].some(test) : test(this.#first);
  }

  add(owner: T): void {
    if (!this.#all && owner === this.#first) return;
    this.#all ??= new Set([this.#first]);
    this.#all.add(owner);
  }

  /** @returns how many are left; `undefined` if it was no owner */
  remove(owner: T): number | undefined {
    this.#all ??= new Set([this.#first]);
    return this.#all.delete(owner) ? this.#all.size : undefined;
  }
}
