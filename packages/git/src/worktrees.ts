import { lstat, mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { defined, PwtError } from '@pwt/core';
import { finishBehindDoor } from './door/finish-worktree.js';
import type { Git } from './git.js';
import { commonDirOf } from './git-dir.js';
import { KeyedMutex } from './keyed-mutex.js';
import { KeyedTurns } from './keyed-turns.js';
import { type RetryOptions, retryWhileLocked, wasKilled } from './lock.js';
import { beginSwapping, dropRef, swapRef } from './objects/swap-ref.js';
import { takeOffUnfinished as takeOff } from './recovery/unfinished.js';
import { isValidBranchName } from './ref-name.js';
import { listWorktrees, type WorktreeEntry } from './worktree-list.js';

/** What a new worktree has checked out. */
export type WorktreeHead =
  | { readonly kind: 'detached'; readonly commit: string }
  /** A branch that must not exist yet, made at `commit` without tracking anything. */
  | { readonly kind: 'new-branch'; readonly branch: string; readonly commit: string }
  /** An existing branch at its tip. */
  | { readonly kind: 'branch'; readonly branch: string };

export interface AddWorktreeRequest {
  /** Must not exist, or be an empty directory. */
  readonly path: string;
  readonly head: WorktreeHead;
  /** Fill the working tree. @default true */
  readonly checkout?: boolean;
  /** For filters that run at checkout, such as `GIT_LFS_SKIP_SMUDGE`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly abortSignal?: AbortSignal;
}

export type AddWorktreeOutcome =
  | { readonly status: 'added'; readonly path: string }
  /** Something is at the path. */
  | { readonly status: 'path-exists'; readonly path: string }
  /** The repository has a worktree of that path on its list, its directory gone. */
  | { readonly status: 'path-registered'; readonly path: string; readonly entry: WorktreeEntry }
  /** The branch to be made exists; `actual` is its tip. */
  | { readonly status: 'branch-exists'; readonly branch: string; readonly actual: string | null }
  /** Another worktree has the branch checked out. */
  | { readonly status: 'branch-in-use'; readonly branch: string; readonly path: string };

/** How many new worktrees are filled at the same time: each is a git that reads and writes files. */
const MOST_ADDS = Math.max(4, availableParallelism());

/**
 * Changes of a repository's worktree list in this process. New worktrees on branches of their own, or on none, are added beside
 * each other: git makes the folder of each by one `mkdir`, and reads of the others only who has which branch. What looks at
 * half-made ones, or uses a branch that is there, runs alone.
 */
const perRepository = new KeyedTurns(MOST_ADDS);

const REFLOG_MESSAGE = 'pwt: new worktree';

/** Two calls for one path, or for one branch, take turns. */
const perName = new KeyedMutex();

/**
 * Adds a linked worktree. A path or branch that is taken is an outcome, and then nothing was changed.
 *
 * Calls for one repository run beside each other, or one after another where that is not safe; locks, and worktrees that are
 * just being added, are waited for, within bounds. The branch is made first and taken back if the worktree cannot be added.
 *
 * @throws PWT_BAD_REF_NAME for a branch name that git refuses
 * @throws PWT_GIT_FAILED
 */
export async function addWorktree(git: Git, request: AddWorktreeRequest): Promise<AddWorktreeOutcome> {
  const path = resolve(git.cwd, request.path);
  const { head } = request;
  if (head.kind !== 'detached') requireBranchName(head.branch);
  const commonDir = await commonDirOf(git);
  const turn = head.kind === 'branch' ? 'alone' : 'beside';
  const add = async (): Promise<AddWorktreeOutcome> => {
    if (await isOccupied(path)) return { status: 'path-exists', path };
    if (head.kind === 'new-branch') {
      const made = await makeBranch(git, head);
      if (made.status === 'moved') {
        return { status: 'branch-exists', branch: head.branch, actual: made.actual };
      }
    }
    try {
      await retryWhileLocked(async () => {
        try {
          await perRepository[turn](commonDir, () => runAdd(git, path, request));
        } catch (error) {
          if (wasKilled(error)) await alone(git, () => takeBack(git, path));
          throw error;
        }
      }, recoveringAlone(git));
      return { status: 'added', path };
    } catch (error) {
      if (head.kind === 'new-branch') {
        await dropRef(git, { ref: `refs/heads/${head.branch}`, oldValue: head.commit });
      }
      const taken = await findTaken(git, path, head);
      if (taken === null) throw error;
      return taken;
    }
  };
  return perName.run(`${commonDir}\0${path}`, () =>
    head.kind === 'detached' ? add() : perName.run(`${commonDir}\0${head.branch}`, add),
  );
}

/** Says that worktrees will soon be added: what {@link addWorktree} needs for their branches is started. Changes nothing. */
export function expectWorktrees(git: Git): void {
  beginSwapping(git, REFLOG_MESSAGE);
}

/**
 * Takes a worktree whose directory is gone off git's list: deletes the git directory that it had, as `git worktree remove`
 * does, without a process. It waits for worktrees that are being added.
 *
 * @param gitDir in `worktrees` of the common directory; the caller has made sure whose it is
 */
export async function forgetWorktree(git: Git, gitDir: string): Promise<void> {
  const parent = await physicalPath(join(await commonDirOf(git), 'worktrees'));
  if ((await physicalPath(dirname(gitDir))) !== parent)
    throw new Error(`not the git directory of a linked worktree: ${gitDir}`);
  await alone(git, () => rm(gitDir, { recursive: true, force: true }));
}

/**
 * Takes off the repository what a killed git has left of the worktree at a path; see `takeOffUnfinished` of
 * `recovery/unfinished.ts`. It waits for worktrees that are being added: for an instant they look the same.
 */
export async function takeOffUnfinished(git: Git, path: string): Promise<boolean> {
  return alone(git, async () => takeOff(await commonDirOf(git), path));
}

/**
 * The registered worktree at a path, its directory gone or not; symbolic links on the way are followed.
 *
 * @param entries where to look; without it, git is asked.
 */
export async function findWorktree(
  git: Git,
  path: string,
  entries?: readonly WorktreeEntry[],
): Promise<WorktreeEntry | null> {
  const wanted = await physicalPath(resolve(git.cwd, path));
  for (const entry of entries ?? (await listWorktrees(git))) {
    if ((await physicalPath(entry.path)) === wanted) return entry;
  }
  return null;
}

async function alone<T>(git: Git, action: () => Promise<T>): Promise<T> {
  return perRepository.alone(await commonDirOf(git), action);
}

/** A recovery for which no worktree looks unfinished that is just being added in this process. */
function recoveringAlone(git: Git): Pick<RetryOptions, 'recovery'> {
  const { recovery } = git;
  return recovery
    ? { recovery: { recover: (complaint) => alone(git, () => recovery.recover(complaint)) } }
    : {};
}

function requireBranchName(branch: string): void {
  if (isValidBranchName(branch)) return;
  throw new PwtError(
    'PWT_BAD_REF_NAME',
    `git does not take this as a branch name: ${JSON.stringify(branch)}`,
    {
      hint: 'See the rules: git help check-ref-format',
      data: { branch },
    },
  );
}

async function makeBranch(git: Git, head: { readonly branch: string; readonly commit: string }) {
  return swapRef(git, {
    ref: `refs/heads/${head.branch}`,
    newValue: head.commit,
    oldValue: null,
    reflogMessage: REFLOG_MESSAGE,
  });
}

/** Removes what a call that was killed has made at a path that was free, be it half made or whole. */
async function takeBack(git: Git, path: string): Promise<void> {
  if (await takeOff(await commonDirOf(git), path)) await rm(path, { recursive: true, force: true });
  if ((await findWorktree(git, path)) === null) return;
  await retryWhileLocked(() => git.run(['worktree', 'remove', '--force', '--force', '--', path]), git);
}

/** What git refused to go over; asked only after it has refused. */
async function findTaken(git: Git, path: string, head: WorktreeHead): Promise<AddWorktreeOutcome | null> {
  const entry = await findWorktree(git, path);
  if (entry !== null) return { status: 'path-registered', path, entry };
  if (head.kind !== 'branch') return null;
  const user = (await listWorktrees(git)).find(({ branch }) => branch === `refs/heads/${head.branch}`);
  return user === undefined ? null : { status: 'branch-in-use', branch: head.branch, path: user.path };
}

async function runAdd(git: Git, path: string, request: AddWorktreeRequest): Promise<void> {
  const { head } = request;
  const args = ['worktree', 'add', '--quiet'];
  if (request.checkout === false) args.push('--no-checkout');
  if (head.kind === 'detached') args.push('--detach');
  args.push('--', path, head.kind === 'detached' ? head.commit : head.branch);
  // The mirror of `openDoor` links to this folder, and git makes nothing through a link to nowhere.
  if (git.place !== undefined) await mkdir(join(git.place.commonDir, 'worktrees'), { recursive: true });
  await git.run(args, {
    ...defined({ env: request.env, abortSignal: request.abortSignal }),
  });
  await finishBehindDoor(git, path);
}

async function isOccupied(path: string): Promise<boolean> {
  try {
    const stats = await lstat(path);
    return !stats.isDirectory() || (await readdir(path)).length > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** The path with links resolved as far as it exists. */
export async function physicalPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await physicalPath(parent), basename(path));
  }
}
