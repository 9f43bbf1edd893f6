import { compareTrees, findMergeBases, type Git, type ObjectReader, readCommitObject } from '@pwt/git';
import type { CheckoutState } from './checkout/checkout.js';
import { type FileEntry, isSameEntry } from './checkout/entries.js';
import { lookUp } from './checkout/trees.js';

/** What a side has made of a path. */
export interface Change {
  /** What is there now; `null` if it has deleted what was there. */
  readonly entry: FileEntry | null;
  /** True if nothing was there. */
  readonly isNew: boolean;
}

/** What a side changes, by path. */
export type Changes = ReadonlyMap<string, Change>;

/** What a work, and the tip, have changed since the commit that both have. */
export interface SinceBase {
  /** That commit. */
  readonly base: string;
  readonly work: Changes;
  readonly tip: Changes;
}

/** Compares works with a tip. What does not change, such as the merge base of two commits, is found out once. */
export class OwnChanges {
  readonly #git: Git;
  readonly #objects: ObjectReader;
  readonly #bases = new Remembered<string | undefined>();
  readonly #changes = new Remembered<Changes>();

  constructor(git: Git, objects: ObjectReader) {
    this.#git = git;
    this.#objects = objects;
  }

  /** `undefined` if they share no history. */
  async since(state: CheckoutState, tip: string): Promise<SinceBase | undefined> {
    const { head, headTree, overlay } = state;
    const key = `${tip} ${head}`;
    const base = await this.#bases.get(key, async () => (await findMergeBases(this.#git, tip, head))[0]);
    if (base === undefined) return undefined;
    const [baseTree, tipTree] = await Promise.all([base, tip].map((commit) => this.#treeOf(commit)));
    if (baseTree === undefined || tipTree === undefined) return undefined;
    const [committed, onTip] = await Promise.all([
      this.#between(baseTree, headTree),
      this.#between(baseTree, tipTree),
    ]);
    const work = new Map(committed);
    for (const [path, entry] of overlay) {
      const before = await lookUp(this.#objects, baseTree, path);
      if (isSameEntry(entry, before)) work.delete(path);
      else work.set(path, { entry, isNew: before === null });
    }
    return { base, work, tip: onTip };
  }

  async #between(from: string, to: string): Promise<Changes> {
    return this.#changes.get(`${from} ${to}`, async () => {
      const files = await compareTrees(this.#objects, from, to);
      return new Map(
        files.map(({ path, status, newMode, newId }) => [
          path,
          { entry: status === 'D' ? null : { mode: newMode, id: newId }, isNew: status === 'A' },
        ]),
      );
    });
  }

  async #treeOf(commit: string): Promise<string | undefined> {
    return (await readCommitObject(this.#objects, commit))?.tree;
  }
}

/** How many answers are remembered. */
const MOST = 1000;

/** Answers that never change, by question. */
class Remembered<T> {
  readonly #known = new Map<string, T>();

  async get(key: string, ask: () => Promise<T>): Promise<T> {
    if (this.#known.has(key)) return this.#known.get(key) as T;
    const answer = await ask();
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(key, answer);
    return answer;
  }
}
