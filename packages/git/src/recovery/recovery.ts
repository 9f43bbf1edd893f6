import { existsSync } from 'node:fs';
import { readdir, readFile, realpath, rm } from 'node:fs/promises';
import { uptime } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningProgram } from '@pwt/core';
import { PwtError } from '@pwt/core';
import { KeyedMutex } from '../keyed-mutex.js';
import { type Evidence, type Judgement, judgeLock, type Places } from './judge-lock.js';
import { findLockFiles, type LockFile, readLockFile } from './lock-files.js';
import type { ProcessView } from './process-view.js';
import { type DeadCommand, RunningCommands } from './running-commands.js';
import { subcommandOf } from './subcommand.js';
import {
  findUnfinishedWorktrees,
  isNamedAfter,
  removeUnfinished,
  type UnfinishedWorktree,
} from './unfinished.js';

export interface RecoveryOptions {
  /** The git directory that all worktrees share. Absolute. */
  readonly commonDir: string;
  /** The top of the checkout from which pwt works. Absolute. */
  readonly root: string;
  /** Where running commands are on record. Absolute. */
  readonly stateDir: string;
  /** Asked for when it is needed: most commands of pwt need nothing of it. */
  readonly processes: () => Promise<ProcessView>;
  /** The branches that pwt has made, without `refs/heads/`. @default none */
  readonly ownBranches?: () => Promise<readonly string[]>;
}

/** Something of a dead git that was removed. */
export interface Recovered {
  readonly path: string;
  /** One sentence. */
  readonly message: string;
}

/** A lock file with what is known of its owner. */
export interface JudgedLock extends LockFile {
  readonly judgement: Judgement;
}

/** The file by which a worktree's private git directory says that pwt has made it. */
export const WORKTREE_MARK = 'pwt-mark';

const POLL_MS = 50;
/** How long to wait for a git that outlived its pwt: a checkout of a large repository takes this long. */
const SETTLE_MS = 120_000;

/**
 * Removes what killed git processes have left: lock files and unfinished worktrees.
 *
 * A lock goes only if no live process could hold it and if it is proven to be of a dead one: it is older than the
 * last boot, a command that pwt has on record could have left it and is dead, or it is in a place of pwt's own: on a
 * ref of pwt's, or in the way of pwt on the branch or in the worktree of a task. See
 * docs/adr/0010-locks-of-the-dead.md.
 */
export class Recovery {
  readonly running: RunningCommands;
  readonly #options: RecoveryOptions;
  readonly #listeners = new Set<(recovered: Recovered) => void>();
  /** Killed commands of which nothing is left. */
  readonly #spent: DeadCommand[] = [];
  /** Removed while nothing listened. */
  readonly #untold: Recovered[] = [];
  readonly #turns = new KeyedMutex();

  constructor(options: RecoveryOptions) {
    this.#options = options;
    this.running = new RunningCommands(join(options.stateDir, 'git'), options.processes);
  }

  /** Tells of everything that is removed, and was while nothing listened. Returns how to stop that. */
  onRecovered(listener: (recovered: Recovered) => void): () => void {
    for (const recovered of this.#untold.splice(0)) listener(recovered);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Removes what dead gits have left, whatever it is; one call at a time.
   *
   * @param complaint what git said about the locks in its way
   * @returns what was removed
   */
  recover(complaint = ''): Promise<readonly Recovered[]> {
    return this.#turns.run('', () => this.#recover(complaint));
  }

  /**
   * Waits for commands that have outlived the pwt that started them, then removes what the dead ones have left.
   * For the holder of the run lock, before anything is done.
   *
   * @throws PWT_GIT_STILL_RUNNING when one does not end
   */
  async settle({ waitMs = SETTLE_MS }: { readonly waitMs?: number } = {}): Promise<readonly Recovered[]> {
    const dead = await this.running.dead();
    const deadline = Date.now() + waitMs;
    for (;;) {
      const running = dead.length === 0 ? undefined : await this.#findRunning(dead);
      if (running === undefined) break;
      if (Date.now() >= deadline) throw stillRunning(running);
      await delay(POLL_MS);
    }
    const recovered = await this.recover();
    await this.running.forget(dead);
    await this.running.dropEmpty();
    return recovered;
  }

  /** Every lock file of the repository with what is known of its owner. Changes nothing. */
  async judgeLocks(complaint = ''): Promise<JudgedLock[]> {
    const locks = await findLockFiles(this.#options.commonDir);
    if (locks.length === 0) return [];
    const evidence = await this.#gather(complaint);
    const processes = await this.#options.processes();
    const judged: JudgedLock[] = [];
    for (const lock of locks) {
      const judgement = judgeLock(lock, evidence);
      const [by] = judgement.status === 'held' ? [] : await processes.holders([lock.path]);
      judged.push({ ...lock, judgement: by ? { status: 'held', by } : judgement });
    }
    return judged;
  }

  /** Unfinished worktrees, also those that are not proven to be pwt's. Changes nothing. */
  async unfinishedWorktrees(): Promise<ReadonlyArray<UnfinishedWorktree & { readonly ours: boolean }>> {
    const unfinished = await findUnfinishedWorktrees(this.#options.commonDir);
    if (unfinished.length === 0) return [];
    const dead = await this.running.dead();
    return unfinished.map((worktree) => ({
      ...worktree,
      ours: dead.some((command) => concerns(command, worktree)),
    }));
  }

  async #recover(complaint: string): Promise<readonly Recovered[]> {
    const recovered = [...(await this.#recoverLocks(complaint)), ...(await this.#recoverWorktrees())];
    await this.running.forget(this.#spent.splice(0));
    return recovered;
  }

  async #recoverLocks(complaint: string): Promise<Recovered[]> {
    const { commonDir } = this.#options;
    const recovered: Recovered[] = [];
    const killed = (await this.running.dead()).filter((command) => command.killed === true);
    let isAllClear = true;
    for (const { judgement, ...lock } of await this.judgeLocks(complaint)) {
      isAllClear &&= judgement.status !== 'held';
      if (judgement.status !== 'dead') continue;
      // The same file as the one that was judged: since then, only a live process could have put another there.
      if ((await readLockFile(commonDir, lock.name))?.fingerprint !== lock.fingerprint) continue;
      await rm(lock.path, { force: true });
      recovered.push(
        this.#tell({ path: lock.path, message: `Removed the lock ${lock.path}: ${judgement.why}.` }),
      );
    }
    // Evidence for as long as it is not certain whose a lock is.
    if (isAllClear) this.#spent.push(...killed);
    return recovered;
  }

  async #recoverWorktrees(): Promise<Recovered[]> {
    const recovered: Recovered[] = [];
    for (const { ours, ...worktree } of await this.unfinishedWorktrees()) {
      if (!ours) continue;
      await removeUnfinished(worktree);
      const { adminDir, path = basename(adminDir) } = worktree;
      const message = `Removed the unfinished worktree ${path}: git was killed while it worked on it.`;
      recovered.push(this.#tell({ path: adminDir, message }));
    }
    return recovered;
  }

  async #gather(complaint: string): Promise<Evidence> {
    const [{ programs }, dead, places] = await Promise.all([
      this.#options.processes(),
      this.running.dead(),
      this.#places(),
    ]);
    const now = Date.now();
    return { programs: await programs('git'), dead, places, now, bootedAt: now - uptime() * 1000, complaint };
  }

  async #findRunning(dead: readonly DeadCommand[]): Promise<RunningProgram | undefined> {
    const programs = await (await this.#options.processes()).programs('git');
    return programs.find(({ args }) => dead.some((command) => endsWith(args, command.args)));
  }

  async #places(): Promise<Places> {
    const { commonDir, root } = this.#options;
    const parent = join(commonDir, 'worktrees');
    const names = await readdir(parent).catch(() => []);
    const linked = new Map<string, string>();
    const own = new Set<string>();
    for (const name of names) {
      const pointer = (await readFile(join(parent, name, 'gitdir'), 'utf8').catch(() => '')).trim();
      if (pointer === '') continue;
      if (existsSync(join(parent, name, WORKTREE_MARK))) own.add(name);
      const path = dirname(resolve(parent, name, pointer));
      linked.set(name, await realpath(path).catch(() => path));
    }
    const main = basename(commonDir) === '.git' ? [dirname(commonDir)] : [];
    const branches = (await this.#options.ownBranches?.()) ?? [];
    return { commonDir, main: [...main, root], linked, own, branches: new Set(branches) };
  }

  #tell(recovered: Recovered): Recovered {
    if (this.#listeners.size === 0) this.#untold.push(recovered);
    for (const listener of this.#listeners) listener(recovered);
    return recovered;
  }
}

/** A command of pwt's that was adding or removing this worktree when it died. */
function concerns({ args }: DeadCommand, { adminDir, path }: UnfinishedWorktree): boolean {
  const [command, verb, ...rest] = subcommandOf(args);
  if (command !== 'worktree' || (verb !== 'add' && verb !== 'remove')) return false;
  const wanted = rest[rest.indexOf('--') + 1];
  if (wanted === undefined) return false;
  return path === undefined ? isNamedAfter(adminDir, wanted) : path === wanted;
}

function endsWith(args: readonly string[], tail: readonly string[]): boolean {
  return (
    args.length > tail.length && tail.every((word, index) => args[args.length - tail.length + index] === word)
  );
}

function stillRunning({ pid, args }: RunningProgram): PwtError {
  const command = subcommandOf(args.slice(1)).slice(0, 2).join(' ');
  return new PwtError(
    'PWT_GIT_STILL_RUNNING',
    `\`git ${command}\`, started by a pwt that has died, still runs as process ${pid}.`,
    { hint: `Wait until it has ended. If it hangs: kill ${pid}`, data: { pid, args } },
  );
}
