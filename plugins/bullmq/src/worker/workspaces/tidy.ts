import type { WorkerContext, WorkerRepository } from '../context.js';
import { attemptsHere, forgetAttempts, runsLeft } from '../runs/attempt-folders.js';
import { dropNote, noteWrittenAt, readNote } from './placement-notes.js';

const DAY_MS = 24 * 3600 * 1000;
/** For how long snapshots, ignored files of removed worktrees, and workspaces that nobody came for are kept. */
const KEPT_DAYS = 7;

/**
 * Removes what nobody needs any more, on the same evidence as a coordinator: checkouts and half-made worktrees that an earlier process
 * has left, old snapshots and ignored files once an earlier call has listed them, and workspaces in which nothing was ever done.
 */
export async function tidy(context: WorkerContext): Promise<void> {
  for (const repository of context.repositories.all) {
    await removeUnused(context, repository);
    await repository.provider.expire({ olderThanDays: KEPT_DAYS });
    for (const [runId, since] of await runsLeft(repository))
      if (isOld(context, since)) await forgetAttempts(repository, runId);
  }
}

/** At the start of a worker, when nothing is being made. */
export async function tidyHalfMade(context: WorkerContext): Promise<void> {
  for (const { provider } of context.repositories.all) {
    const runs = new Set((await provider.list()).map(({ runId }) => runId));
    for (const runId of runs) await provider.close({ runId });
  }
}

function isOld({ clock }: WorkerContext, since: number): boolean {
  return clock.now() - since >= KEPT_DAYS * DAY_MS;
}

async function removeUnused(context: WorkerContext, repository: WorkerRepository): Promise<void> {
  const { log } = context;
  for (const workspace of await repository.provider.list()) {
    const { id, runId, taskId, base, kind } = workspace;
    if (kind !== 'task' || taskId === undefined) continue;
    const [note, since] = [await readNote(repository, id), await noteWrittenAt(repository, id)];
    if (note === undefined || since === undefined || !isOld(context, since)) continue;
    const here = await attemptsHere(repository, { runId, taskId });
    if (here.some((number) => !note.before.includes(number)) || note.restored !== null) continue;
    const outcome = await repository.provider.remove({ workspace, containedIn: base });
    if (outcome.status === 'kept') continue;
    await dropNote(repository, id);
    log.info(`removed the workspace of ${taskId} of run ${runId}: nobody came for it`);
  }
}
