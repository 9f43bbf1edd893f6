import type { CommitId, Snapshot } from '@pwt/core';
import { deleteRef, type Git, keepSnapshot, listSnapshots, readSnapshot, resolveCommit } from '@pwt/git';
import type { WorkspacesContext } from './context.js';
import { localRefs } from './local-refs.js';

interface Whose {
  readonly runId: string;
  readonly taskId: string;
}

/** Keeps a commit that a worker has put on the exchange. One without a ref there is one that came from here. */
export async function keepCommit(
  { git, exchange }: WorkspacesContext,
  { runId, taskId }: Whose,
  commit: CommitId,
  ref: string | undefined,
): Promise<void> {
  const into = localRefs.commit(runId, taskId, commit);
  if (ref !== undefined) await exchange.take({ ref, commit, into });
  else if ((await resolveCommit(git, commit)) === null)
    throw new Error(`the worker has not said where commit ${commit} is`);
}

/** Keeps a snapshot that a worker has taken, under the task's next number. A state that is kept already is not kept again. */
export async function keepSnapshotOf(
  context: WorkspacesContext,
  whose: Whose,
  commit: CommitId,
  ref: string | undefined,
): Promise<Snapshot> {
  await keepCommit(context, whose, commit, ref);
  const kept = await numberSnapshot(context, whose, commit);
  const name = localRefs.commit(whose.runId, whose.taskId, commit);
  await deleteRef(context.git, { ref: name, oldValue: commit });
  return kept;
}

/** The same for one that is in the project's repository already. */
export async function numberSnapshot(
  { git }: WorkspacesContext,
  whose: Whose,
  commit: CommitId,
): Promise<Snapshot> {
  const known = (await listSnapshots(git, whose.runId)).filter(({ taskId }) => taskId === whose.taskId);
  const last = known.sort((a, b) => a.number - b.number).at(-1);
  const same =
    known.find((one) => one.commit === commit) ??
    (last !== undefined && (await isSameState(git, last.commit, commit)) ? last : undefined);
  if (same !== undefined) return { ref: same.ref, commit: same.commit };
  return keepSnapshot(git, commit, whose, last?.number ?? 0);
}

/** The same state that two workers have captured makes two commits. */
async function isSameState(git: Git, one: CommitId, other: CommitId): Promise<boolean> {
  if (one === other) return true;
  const [a, b] = await Promise.all([one, other].map((commit) => readSnapshot(git, commit)));
  return JSON.stringify(a) === JSON.stringify(b);
}
