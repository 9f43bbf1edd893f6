import { PwtError, type Workspace } from '@pwt/core';
import {
  deleteRef,
  type Git,
  objectsOf,
  readCommitText,
  readRef,
  readSnapshot,
  restoreInto,
  updateRef,
} from '@pwt/git';
import { openWorktree } from '@pwt/worktree';
import { keepRef } from '../../exchange/remote/keep-ref.js';
import { parseNote, TRAILER, type WorkNote } from '../../exchange/work-note.js';
import type { Restoring } from '../../protocol/operations.js';
import type { WorkPlace } from './result-commit.js';

/**
 * Puts work that has travelled into a workspace as it was: commits, what is staged, what is not, and what is under way, such as a merge
 * with its conflicts. HEAD is on the workspace's own branch if it was on its own one there, and detached at the same commit otherwise.
 *
 * May be called again: once it is done it does nothing more. What is in the workspace before is kept as a snapshot.
 *
 * @throws PwtError `PWT_EXCHANGE_MISSING`, `PWT_EXCHANGE_UNSOUND`, `PWT_EXCHANGE_UNREACHABLE`, `PWT_WORKTREE_BROKEN`
 */
export async function restoreWork(
  { mirror, stateDir, provider }: WorkPlace,
  workspace: Workspace,
  { ref, commit }: Restoring,
): Promise<void> {
  const { git, commonDir } = mirror;
  await mirror.fetch(ref, commit);
  const done = restoredRef(workspace);
  await keepRef(git, done, commit, async () => {
    const there = await openWorktree({ git, commonDir, stateDir }, workspace);
    if (there === undefined) throw gone(workspace);
    const before = await provider.snapshot({
      workspace,
      reason: 'before the work of another machine was put there',
    });
    // Then it goes, too, where the other work does not have it.
    if (before !== undefined) await there.run(['add', '--all']);
    const { head } = await readSnapshot(git, commit);
    const { message, onBranch, tip, merge } = await accountOf(git, commit, head);
    await moveBranch(git, workspace, onBranch ? head : tip);
    if (onBranch) await there.run(['symbolic-ref', 'HEAD', `refs/heads/${workspace.branch}`]);
    else await there.run(['update-ref', '--no-deref', 'HEAD', head]);
    await restoreInto(there, { ref, commit, unfiltered: /^Pwt-Filters: off$/m.test(message) });
    await provider.adoptMerge(workspace, merge);
  });
}

/** Before a workspace is made anew: it has nothing in it, whatever was put into an earlier one of that name. */
export async function forgetRestored(
  { mirror: { git } }: Pick<WorkPlace, 'mirror'>,
  workspace: Workspace,
): Promise<void> {
  const ref = restoredRef(workspace);
  const oldValue = await readRef(git, ref);
  if (oldValue !== null) await deleteRef(git, { ref, oldValue });
}

function restoredRef({ runId, taskId, id }: Workspace): string {
  return `refs/pwt/restored/${runId}/${taskId ?? id}`;
}

/** Collected work, and what says nothing of itself, was on the branch. */
async function accountOf(
  git: Git,
  commit: string,
  head: string,
): Promise<Pick<WorkNote, 'onBranch' | 'tip' | 'merge'> & { readonly message: string }> {
  const { message = '' } = (await readCommitText(objectsOf(git), commit)) ?? {};
  // The message of a plain commit is the agent's.
  const hasNote = head !== commit && new RegExp(`^Pwt-${TRAILER}: `, 'm').test(message);
  return { message, ...(hasNote ? parseNote(message) : { onBranch: true }) };
}

async function moveBranch(git: Git, { branch, base }: Workspace, to: string | undefined): Promise<void> {
  if (branch === undefined) return;
  const ref = `refs/heads/${branch}`;
  for (let oldValue: string | null = base; to !== undefined; ) {
    const update = await updateRef(git, { ref, newValue: to, oldValue, reflogMessage: 'pwt: restored' });
    if (update.status === 'updated' || update.actual === to) return;
    oldValue = update.actual;
  }
}

function gone({ path, id }: Workspace): PwtError {
  return new PwtError('PWT_WORKTREE_BROKEN', `There is no worktree ${id} in ${path} to put work into.`);
}
