import { CatFile, type GitObject } from './cat-file.js';
import type { Git } from './git.js';

/**
 * Several `cat-file` processes behind one question: the least busy one answers.
 *
 * One process answers about as fast as a program can ask; a second one helps while the first is busy with a
 * large object or a long chain of deltas.
 */
export class CatFilePool {
  readonly #members: readonly CatFile[];

  /** @param options `size`: at most so many processes, each started when it is needed. @default 2 */
  constructor(options: { readonly git: Git; readonly size?: number }) {
    this.#members = Array.from({ length: options.size ?? 2 }, () => new CatFile(options.git));
  }

  /** Reads an object by id or by `<id>:<path>`; `null` if there is none. */
  async read(name: string): Promise<GitObject | null> {
    const leastBusy = this.#members.reduce((best, member) => (member.load < best.load ? member : best));
    return leastBusy.read(name);
  }

  /** Ends the processes once all questions are answered. */
  async close(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.close()));
  }
}
