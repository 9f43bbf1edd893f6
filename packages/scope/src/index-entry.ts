import { weigh } from './common-paths.js';
import type { PatternLike, PatternList } from './pattern.js';

/** A pattern and who claims it: one owner as a rule, for whom no set is made before it is asked for. */
export class IndexEntry<T> {
  readonly key: string;
  readonly pattern: PatternLike;
  readonly list: PatternList;
  /** Entries are numbered as they come. */
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

  /** How many the owners stand for. */
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
