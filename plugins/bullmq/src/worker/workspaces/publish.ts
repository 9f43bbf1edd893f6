import type { CommitId, Snapshot, Workspace } from '@pwt/core';
import { listSnapshots } from '@pwt/git';
import { refs } from '../../exchange/refs.js';
import type { WorkerRepository } from '../context.js';

/** Puts a commit of a task on the exchange, where the coordinator asks for it. */
export async function publishAsked(
  { mirror }: WorkerRepository,
  { runId, taskId, id }: Workspace,
  commit: CommitId,
): Promise<string> {
  const ref = refs.asked(runId, taskId ?? id, commit);
  // The name says what it is, so whoever has created it has created the same.
  await mirror.publish(ref, commit, 'create');
  return ref;
}

/** Gets commits that the coordinator has offered as bases. */
export async function fetchOffered(
  { mirror }: WorkerRepository,
  commits: readonly (CommitId | undefined)[],
): Promise<void> {
  for (const commit of new Set(commits)) {
    if (commit !== undefined) await mirror.fetch(refs.base(commit), commit);
  }
}

/** The newest snapshot of a task that is kept here. */
export async function lastSnapshot(
  { mirror }: WorkerRepository,
  { runId, taskId }: { readonly runId: string; readonly taskId?: string | undefined },
): Promise<Snapshot | undefined> {
  const all = (await listSnapshots(mirror.git, runId)).filter((one) => one.taskId === taskId);
  const last = all.sort((a, b) => a.number - b.number).at(-1);
  return last === undefined ? undefined : { ref: last.ref, commit: last.commit };
}
