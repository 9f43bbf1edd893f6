import { join } from 'node:path';
import {
  type ConfigState,
  hasCode,
  type ObserveRequest,
  type RepositoryObserver,
  type RepositoryRecord,
  type RepositoryState,
  type RepositoryWatch,
  throwIfAborted,
  type WatchRequest,
} from '@pwt/core';
import { type Git, readGitDir } from '@pwt/git';
import { readCheckouts } from './checkouts.js';
import { readConfig } from './config.js';
import { readControl } from './control.js';
import { readFiles } from './files.js';
import { readRecord, writeRecord } from './record-file.js';
import { readRefs, readStash } from './refs.js';
import { GitRepositoryWatch } from './watch/git-repository-watch.js';

export interface GitRepositoryObserverOptions {
  /** Runs at the top of the user's checkout. */
  readonly git: Git;
  /** The git directory that all worktrees share. Absolute. */
  readonly commonDir: string;
  /** Where runs keep their files: the record of one is `<runsDir>/<runId>/repository.json`. Absolute. */
  readonly runsDir: string;
}

/**
 * Reads the state of a repository as the user's own git sees it: four git processes side by side, of which `git status` in the
 * user's checkout takes the longest. Takes no lock and refreshes no index.
 */
export class GitRepositoryObserver implements RepositoryObserver {
  readonly name = 'git';
  readonly #options: GitRepositoryObserverOptions;

  constructor(options: GitRepositoryObserverOptions) {
    this.#options = options;
  }

  async observe(request: ObserveRequest): Promise<RepositoryState> {
    throwIfAborted(request.abortSignal);
    const { commonDir } = this.#options;
    const [work, config, control] = await Promise.all([
      this.#work(request),
      this.#config(request.ownBranches),
      readControl(commonDir),
    ]);
    return { ...work, config, control };
  }

  keep(runId: string, record: RepositoryRecord): Promise<void> {
    return writeRecord(this.#recordOf(runId), record);
  }

  recall(runId: string): Promise<RepositoryRecord | undefined> {
    return readRecord(this.#recordOf(runId));
  }

  /** Where the machine allows no more watches, part of what happens is seen only when somebody looks, which is told. */
  watch(request: WatchRequest): Promise<RepositoryWatch> {
    const { git, commonDir } = this.#options;
    return GitRepositoryWatch.open({ git, commonDir }, request);
  }

  async #work(request: ObserveRequest): Promise<Omit<RepositoryState, 'config' | 'control'>> {
    const { git, commonDir } = this.#options;
    try {
      const [{ stash, ...refs }, checkouts, files] = await Promise.all([
        readRefs(git, request),
        readCheckouts(git, { commonDir, target: request.target }),
        readFiles(git, onlyOf(request)),
      ]);
      return { ...refs, checkouts, files, stash: await readStash(commonDir, stash) };
    } catch (error) {
      if (!hasCode(error, 'PWT_GIT_FAILED') && !hasCode(error, 'PWT_NOT_A_REPOSITORY')) throw error;
      const nothing = { checkouts: [], refs: {}, stash: { entries: '' }, files: null };
      return { target: { branch: request.target, tip: null }, ...nothing, unreadable: error.message };
    }
  }

  async #config(ownBranches: readonly string[]): Promise<ConfigState[]> {
    const { git, commonDir } = this.#options;
    const files = new Set([join(commonDir, 'config'), join(await readGitDir(git), 'config.worktree')]);
    const states = await Promise.all([...files].map((file) => readConfig(git, file, ownBranches)));
    return states.filter((state) => state !== null);
  }

  #recordOf(runId: string): string {
    return join(this.#options.runsDir, runId, 'repository.json');
  }
}

function onlyOf({ only }: ObserveRequest): Parameters<typeof readFiles>[1] {
  if (only === undefined || only.since.files === null || only.since.unreadable !== undefined)
    return undefined;
  return { since: only.since.files, files: only.files };
}
