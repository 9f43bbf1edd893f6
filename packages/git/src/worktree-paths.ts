import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeText } from './byte-text.js';
import type { Git } from './git.js';
import { commonDirOf } from './git-dir.js';
import { listWorktrees, readDotGit } from './worktree-list.js';
import { physicalPath } from './worktrees.js';

/**
 * Where the worktrees of a repository are, for a caller who asks again and again: each is read once, so that the answer
 * costs hardly more with 1,000 of them than with one.
 *
 * A worktree that was moved, or that was removed and added elsewhere under the same name between two answers, is told
 * where it was: ask `listWorktrees` before anything is done to one.
 */
export class WorktreePaths {
  readonly #git: Git;
  /** The path of the main one; it stays where it is. */
  #main: string | undefined;
  /** By the name under which git keeps a linked worktree. */
  readonly #linked = new Map<string, string>();

  constructor(git: Git) {
    this.#git = git;
  }

  /** Absolute, with links resolved as far as they exist; the main one first. */
  async list(): Promise<readonly string[]> {
    const folder = join(await commonDirOf(this.#git), 'worktrees');
    this.#main ??= await this.#findMain();
    const names = (await namesIn(folder)).map(decodeText);
    const there = new Set(names);
    for (const name of this.#linked.keys()) if (!there.has(name)) this.#linked.delete(name);
    const added = names.filter((name) => !this.#linked.has(name));
    await Promise.all(
      added.map(async (name) => {
        const dotGit = await readDotGit(join(folder, name));
        // It is being made or removed: read again the next time.
        if (dotGit !== null) this.#linked.set(name, await physicalPath(dirname(dotGit)));
      }),
    );
    return [this.#main, ...this.#linked.values()];
  }

  async #findMain(): Promise<string> {
    const [main] = await listWorktrees(this.#git);
    return physicalPath(main?.path ?? this.#git.cwd);
  }
}

async function namesIn(folder: string): Promise<Buffer[]> {
  return readdir(folder, { encoding: 'buffer' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}
