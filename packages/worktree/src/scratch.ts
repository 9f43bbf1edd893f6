import {
  type CommitId,
  isTaskId,
  PwtError,
  type ScratchWorkspaceRequest,
  throwIfAborted,
  type Workspace,
} from '@pwt/core';
import { addWorktree, isObjectId, KeyedMutex, requireCommit, resetCheckout } from '@pwt/git';
import type { ProviderContext } from './context.js';
import { discard } from './discard.js';
import { examine } from './evidence.js';
import { locate } from './location.js';
import { forbiddenFolders, newRecord, prepareWorktree, verifyAndMark } from './prepare.js';
import { PROVIDER_NAME, type WorktreeRecord } from './records.js';

/** Reservations of scratch checkouts take turns. */
const perRepository = new KeyedMutex();

/**
 * A detached checkout of a commit: an idle one of the run's pool is moved to it, otherwise a new one is made. Several
 * may be moved at the same time.
 *
 * A moved one is on exactly the commit, and has no untracked or ignored files of its earlier use: see
 * {@link resetCheckout}.
 */
export async function createScratch(
  context: ProviderContext,
  request: ScratchWorkspaceRequest,
): Promise<Workspace> {
  throwIfAborted(request.abortSignal);
  if (!isTaskId(request.runId)) {
    throw new PwtError('PWT_TASK_ID_INVALID', `Not usable as a name: ${JSON.stringify(request.runId)}`);
  }
  const { commit, runId } = request;
  // Checking it out shows whether an id is that of a commit.
  const base = isObjectId(commit) ? commit : await requireCommit(context.git, commit);
  const record = (await reuse(context, runId, base)) ?? (await add(context, runId, base));
  try {
    await prepareWorktree(context, record, request.abortSignal);
    await context.records.write({ ...record, state: 'ready' });
  } catch (error) {
    await discard(context, record, { keepFiles: false });
    throw error;
  }
  return record.workspace;
}

/** Moves an idle checkout; `undefined` if there is none, or it can't be moved: then it is gone. */
async function reuse(
  context: ProviderContext,
  runId: string,
  base: CommitId,
): Promise<WorktreeRecord | undefined> {
  const { git, commonDir, records } = context;
  const record = await perRepository.run(commonDir, async () => {
    const idle = (await records.scratch(runId)).find(({ state }) => state === 'parked');
    if (idle === undefined) return undefined;
    const taken: WorktreeRecord = { ...idle, state: 'creating', workspace: { ...idle.workspace, base } };
    await records.write(taken);
    return taken;
  });
  if (record === undefined) return undefined;
  const evidence = await examine(git, commonDir, record);
  if (evidence.status === 'intact' && (await resetCheckout(evidence.git, { commonDir, commit: base })))
    return record;
  await discard(context, record, { keepFiles: false });
  return undefined;
}

async function add(context: ProviderContext, runId: string, base: CommitId): Promise<WorktreeRecord> {
  const { git, records } = context;
  const occupied = new Set<string>();
  for (;;) {
    const record = await reserve(context, runId, base, occupied);
    try {
      const { path } = record.workspace;
      const outcome = await addWorktree(git, { path, head: { kind: 'detached', commit: base } });
      if (outcome.status === 'added') {
        await verifyAndMark(context, record);
        return record;
      }
    } catch (error) {
      await discard(context, record, { keepFiles: false });
      await requireCommit(git, base);
      throw error;
    }
    // The path is taken: leave what is there, and try the next number.
    occupied.add(record.workspace.id);
    await records.delete(record.workspace.id);
  }
}

/** Reserves the first free number, in a record. */
async function reserve(
  context: ProviderContext,
  runId: string,
  base: CommitId,
  occupied: ReadonlySet<string>,
): Promise<WorktreeRecord> {
  const { git, commonDir, records, worktrees, templates } = context;
  const home = await context.home();
  const forbidden = await forbiddenFolders(git, home, await worktrees.list());
  return perRepository.run(commonDir, async () => {
    const taken = new Set(await records.ids(runId, '@'));
    for (let n = 1; ; n++) {
      // `@` is in no task id, so this is never a task's key.
      const id = `${runId}.@gate-${n}`;
      if (taken.has(id) || occupied.has(id)) continue;
      const values = { repo: home.name, run: runId, n: String(n) };
      const path = await locate({ root: home.root, template: templates.scratch, values, forbidden });
      const record = newRecord({ id, provider: PROVIDER_NAME, kind: 'scratch', runId, path, base });
      await records.write(record);
      return record;
    }
  });
}
