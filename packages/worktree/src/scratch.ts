import {
  type CommitId,
  isTaskId,
  PwtError,
  type ScratchWorkspaceRequest,
  throwIfAborted,
  type Workspace,
} from '@pwt/core';
import { addWorktree, KeyedMutex, listWorktrees, readWorktreeStatus, requireCommit } from '@pwt/git';
import type { ProviderContext } from './context.js';
import { PROVIDER_NAME } from './create.js';
import { discard } from './discard.js';
import { examine } from './evidence.js';
import { locate } from './location.js';
import { announce, equip, forbiddenFolders, verifyAndMark } from './prepare.js';
import type { WorktreeRecord } from './records.js';

/** Numbers of scratch checkouts are given out one at a time. */
const perRepository = new KeyedMutex();

/**
 * A detached checkout of a commit: a parked one of the run is moved, otherwise a new one is made.
 *
 * A moved one is as good as new: on exactly the commit, with neither untracked nor ignored files of its
 * earlier life. Moving takes about a quarter of the time of a new checkout on a large repository.
 */
export async function createScratch(
  context: ProviderContext,
  request: ScratchWorkspaceRequest,
): Promise<Workspace> {
  throwIfAborted(request.abortSignal);
  if (!isTaskId(request.runId)) {
    throw new PwtError('PWT_TASK_ID_INVALID', `Not usable as a name: ${JSON.stringify(request.runId)}`);
  }
  const base = await requireCommit(context.git, request.commit);
  const record = await perRepository.run(
    context.commonDir,
    async () => (await reuse(context, request.runId, base)) ?? (await add(context, request.runId, base)),
  );
  try {
    await equip(context, record, request.abortSignal);
    await context.records.write({ ...record, state: 'ready' });
  } catch (error) {
    await discard(context, record, { keepFiles: false });
    throw error;
  }
  return record.workspace;
}

async function reuse(
  context: ProviderContext,
  runId: string,
  base: CommitId,
): Promise<WorktreeRecord | undefined> {
  const parked = (await context.records.list(runId)).find(({ state }) => state === 'parked');
  if (parked === undefined) return undefined;
  const record: WorktreeRecord = { ...parked, state: 'creating', workspace: { ...parked.workspace, base } };
  const evidence = await examine(context.git, context.commonDir, parked);
  if (evidence.status !== 'intact') return undefined;
  await context.records.write(record);
  await evidence.git.run(['checkout', '--quiet', '--force', '--detach', base]);
  await evidence.git.run(['clean', '-ffdxq']);
  const { entries, headCommit } = await readWorktreeStatus(evidence.git);
  if (entries.length === 0 && headCommit === base) return record;
  await discard(context, record, { keepFiles: false });
  return undefined;
}

async function add(context: ProviderContext, runId: string, base: CommitId): Promise<WorktreeRecord> {
  const { git, records, templates } = context;
  const home = await context.home();
  const forbidden = await forbiddenFolders(git, home, await listWorktrees(git));
  const taken = new Set((await records.list(runId)).map(({ workspace }) => workspace.id));
  for (let n = 1; ; n++) {
    // `@` is in no task id, so this is never a task's key.
    const id = `${runId}.@gate-${n}`;
    if (taken.has(id)) continue;
    const values = { repo: home.name, run: runId, n: String(n) };
    const path = await locate({ root: home.root, template: templates.scratch, values, forbidden });
    const record = announce({ id, provider: PROVIDER_NAME, kind: 'scratch', runId, path, base });
    await records.write(record);
    try {
      const outcome = await addWorktree(git, { path, head: { kind: 'detached', commit: base } });
      if (outcome.status === 'added') {
        await verifyAndMark(context, record);
        return record;
      }
    } catch (error) {
      await discard(context, record, { keepFiles: false });
      throw error;
    }
    // Something is there: leave it and take the next number.
    await records.delete(id);
  }
}
