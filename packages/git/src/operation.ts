import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from './git.js';
import { readGitDir } from './git-dir.js';
import { resolveObject } from './refs.js';

/** The operations that a working tree may be in the middle of. */
export type Operation = 'merge' | 'rebase' | 'am' | 'cherry-pick' | 'revert' | 'bisect';

export interface OperationState {
  /** `null` if there is none. */
  readonly operation: Operation | null;
  /** Another process writes the index at this moment, or died while it did. */
  readonly indexLocked: boolean;
}

/** What the worktree of `git` is in the middle of. */
export async function readOperationState(git: Git): Promise<OperationState> {
  const gitDir = await readGitDir(git);
  const names = new Set(await readdir(gitDir));
  return { operation: await findOperation(git, gitDir, names), indexLocked: names.has('index.lock') };
}

async function findOperation(
  git: Git,
  gitDir: string,
  names: ReadonlySet<string>,
): Promise<Operation | null> {
  if (names.has('rebase-merge')) return 'rebase';
  if (names.has('rebase-apply'))
    return (await exists(join(gitDir, 'rebase-apply/applying'))) ? 'am' : 'rebase';
  if (names.has('MERGE_HEAD')) return 'merge';
  if (names.has('CHERRY_PICK_HEAD')) return 'cherry-pick';
  if (names.has('REVERT_HEAD')) return 'revert';
  if (names.has('BISECT_LOG')) return 'bisect';
  // Between two picks of a series there is no head, only the list of what remains.
  if (names.has('sequencer')) return readSequence(gitDir);
  return findReftableOperation(git, names);
}

/** With reftable storage these heads are records, not files. */
async function findReftableOperation(git: Git, names: ReadonlySet<string>): Promise<Operation | null> {
  if (!names.has('reftable')) return null;
  if ((await resolveObject(git, 'CHERRY_PICK_HEAD')) !== null) return 'cherry-pick';
  return (await resolveObject(git, 'REVERT_HEAD')) === null ? null : 'revert';
}

async function readSequence(gitDir: string): Promise<Operation | null> {
  const todo = join(gitDir, 'sequencer/todo');
  if (!(await exists(todo))) return null;
  return /^revert\b/m.test(await readFile(todo, 'utf8')) ? 'revert' : 'cherry-pick';
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
