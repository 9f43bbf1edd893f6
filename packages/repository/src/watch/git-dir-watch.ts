import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { WatchBlind } from '@pwt/core';
import { blindBy } from './blind.js';

export interface GitDirWatchOptions {
  readonly commonDir: string;
  /** The git directory of the user's checkout. */
  readonly gitDir: string;
  /** Branches that are the run's own: they move all the time. */
  readonly ownBranches: () => readonly string[];
  /** @param path below the common directory, or the name in the checkout's own */
  readonly onChange: (path: string) => void;
  readonly onBlind: (blind: WatchBlind) => void;
}

/** What else there is in a git directory, and means nothing here. */
const NOISE =
  /\.lock$|^(FETCH_HEAD|COMMIT_EDITMSG|ORIG_HEAD|AUTO_MERGE|gc\.pid|gc\.log|worktrees|objects|pwt|logs|lost-found|modules)$/;

/**
 * Tells when something in a git directory changes that others than its own worktrees may notice: HEAD, index, refs, configuration,
 * hooks. Needs a few watches, one for each folder of refs. Nothing here keeps the process alive.
 */
export class GitDirWatch {
  readonly #options: GitDirWatchOptions;
  readonly #watchers: FSWatcher[] = [];
  #closed = false;

  constructor(options: GitDirWatchOptions) {
    this.#options = options;
  }

  async begin(): Promise<void> {
    const { commonDir, gitDir } = this.#options;
    const heads = join(commonDir, 'refs', 'heads');
    const folders = [
      ...new Set([commonDir, gitDir]),
      ...['refs', 'refs/tags', 'hooks', 'info', 'reftable'].map((name) => join(commonDir, name)),
      ...(await foldersIn(heads)),
    ];
    if (this.#closed) return;
    for (const folder of folders)
      this.#watch(folder, folder.startsWith(heads) ? folder.slice(heads.length + 1) : undefined);
  }

  close(): void {
    this.#closed = true;
    for (const watcher of this.#watchers) watcher.close();
  }

  /** @param branches below `refs/heads`, the folder's name there */
  #watch(folder: string, branches: string | undefined): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name === null || NOISE.test(basename(name))) return;
        const branch = branches === undefined ? undefined : branches === '' ? name : `${branches}/${name}`;
        if (branch !== undefined && this.#isOwn(branch)) return;
        const place = folder === this.#options.gitDir ? '' : relative(this.#options.commonDir, folder);
        this.#options.onChange(join(place, name));
      });
      watcher.on('error', () => watcher.close());
      this.#watchers.push(watcher);
    } catch (error) {
      // The regular looks see what happens there.
      const blind = blindBy(error);
      if (blind !== undefined) this.#options.onBlind({ ...blind, reason: `${folder}: ${blind.reason}` });
    }
  }

  #isOwn(branch: string): boolean {
    return this.#options.ownBranches().some((own) => own === branch || dirname(own) === branch);
  }
}

async function foldersIn(top: string): Promise<string[]> {
  const entries = await readdir(top, { withFileTypes: true, recursive: true }).catch(() => []);
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return [top, ...folders];
}
