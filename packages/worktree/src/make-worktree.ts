import { lstat } from 'node:fs/promises';
import {
  type CreateWorkspaceRequest,
  hasCode,
  isTaskId,
  PwtError,
  type SetupReport,
  shellQuote,
} from '@pwt/core';
import {
  addWorktree,
  findWorktree,
  type Git,
  isObjectId,
  KeyedMutex,
  listRefs,
  type Ref,
  requireCommit,
} from '@pwt/git';
import type { ProviderContext } from './context.js';
import { discard } from './discard.js';
import type { Home } from './home.js';
import { locate } from './location.js';
import { branchName, taskValues } from './naming.js';
import { forbiddenFolders, newRecord, prepareWorktree, verifyAndMark } from './prepare.js';
import { PROVIDER_NAME, type WorktreeRecord } from './records.js';

/** Reservations of paths and branches take turns. What follows may run at the same time (see `addWorktree`). */
const perRepository = new KeyedMutex();

/** A worktree that can be worked in, and what the setup command did in it. */
export interface MadeWorktree {
  readonly record: WorktreeRecord;
  readonly setup?: SetupReport | undefined;
}

/**
 * Makes the worktree of a task, set-up included. The record reserves it before anything is made, and says `creating`
 * until the caller writes another one. What a failed or aborted call has made is discarded at once.
 *
 * @param left what an interrupted call has left: it is discarded first
 */
export async function makeWorktree(
  context: ProviderContext,
  request: CreateWorkspaceRequest,
  left: WorktreeRecord | undefined,
): Promise<MadeWorktree> {
  const record = await perRepository.run(context.commonDir, async () => {
    if (left !== undefined) await discard(context, left, { keepFiles: true });
    return reserve(context, workspaceId(request), request);
  });
  await add(context, record);
  try {
    const { setup, ...hidden } = await prepareWorktree(context, record, request.abortSignal);
    return { record: { ...record, ...hidden }, setup };
  } catch (error) {
    await discard(context, record, { keepFiles: false });
    throw error;
  }
}

/** The provider's key for the worktree of a task of a run. */
export function workspaceId({ runId, taskId }: CreateWorkspaceRequest): string {
  for (const part of [runId, taskId]) {
    if (isTaskId(part)) continue;
    throw new PwtError('PWT_TASK_ID_INVALID', `Not usable as a name: ${JSON.stringify(part)}`, {
      hint: 'Ids are letters, digits, dots, dashes and underscores, 100 at most.',
      data: { id: part },
    });
  }
  return `${runId}.${taskId}`;
}

/** Reserves a free path and branch, in a record. */
async function reserve(
  context: ProviderContext,
  id: string,
  request: CreateWorkspaceRequest,
): Promise<WorktreeRecord> {
  const { git } = context;
  const home = await context.home();
  const branch = branchName(context.templates.branch, taskValues({ repo: home.name, ...request }));
  const [base, worktrees, refs] = await Promise.all([
    // Making the branch shows whether an id is that of a commit.
    isObjectId(request.base) ? request.base : requireCommit(git, request.base),
    context.worktrees.list(),
    refsInTheWay(git, branch),
  ]);
  const path = await place(context, home, request, worktrees);
  const { runId, taskId } = request;
  const record = newRecord({ id, provider: PROVIDER_NAME, kind: 'task', runId, taskId, path, branch, base });
  await refuseCollision(context, record);
  await refuseExisting(context, path, worktrees);
  refuseExistingBranch(branch, refs);
  await context.records.write(record);
  return record;
}

async function add(context: ProviderContext, record: WorktreeRecord): Promise<void> {
  const { path, branch = '', base } = record.workspace;
  try {
    const outcome = await addWorktree(context.git, {
      path,
      head: { kind: 'new-branch', branch, commit: base },
    });
    if (outcome.status !== 'added') return await lostRace(context, record, outcome.status);
    await verifyAndMark(context, record);
  } catch (error) {
    if (!hasCode(error, 'PWT_WORKTREE_EXISTS')) await discard(context, record, { keepFiles: false });
    await requireCommit(context.git, base);
    throw error;
  }
}

/** The path or branch was taken after the checks. Nothing was made, so only the record is deleted. */
async function lostRace(
  { records }: ProviderContext,
  { workspace }: WorktreeRecord,
  status: string,
): Promise<never> {
  await records.delete(workspace.id);
  throw new PwtError(
    'PWT_WORKTREE_EXISTS',
    `${workspace.path} or ${workspace.branch} has just been made by another process (${status}).`,
    {
      hint: 'Is a second pwt at work in this repository? See: pwt status',
      data: { path: workspace.path, status },
    },
  );
}

async function place(
  { git, templates }: ProviderContext,
  home: Home,
  request: CreateWorkspaceRequest,
  worktrees: readonly string[],
): Promise<string> {
  const values = taskValues({ repo: home.name, ...request });
  const forbidden = await forbiddenFolders(git, home, worktrees);
  return locate({ root: home.root, template: templates.worktree, values, forbidden });
}

/** @throws PWT_TEMPLATE_COLLISION if another task of the run has this path or branch */
async function refuseCollision({ places }: ProviderContext, { workspace }: WorktreeRecord): Promise<void> {
  const same = (one: string | undefined, other: string | undefined) =>
    one !== undefined && one.toLowerCase() === other?.toLowerCase();
  const other = await places.find(
    workspace.runId,
    ({ path, branch }) => same(path, workspace.path) || same(branch, workspace.branch),
  );
  if (other === undefined) return;
  throw new PwtError(
    'PWT_TEMPLATE_COLLISION',
    `Tasks ${other.workspace.taskId} and ${workspace.taskId} would share ${workspace.path} or ${workspace.branch}.`,
    {
      hint: 'Put {id} into the worktree template and into the branch template.',
      data: {
        path: workspace.path,
        branch: workspace.branch,
        tasks: [other.workspace.taskId, workspace.taskId],
      },
    },
  );
}

/** @throws PWT_WORKTREE_EXISTS with a command that makes room and loses nothing */
async function refuseExisting(
  { git, records }: ProviderContext,
  path: string,
  worktrees: readonly string[],
): Promise<void> {
  if (!worktrees.includes(path) && !(await exists(path))) return;
  const entry = await findWorktree(git, path);
  const owner = (await records.list()).find(({ workspace }) => workspace.path === path)?.workspace;
  const maker = owner === undefined ? '' : ` (made by run ${owner.runId} for task ${owner.taskId})`;
  const [from, to] = [shellQuote(path), shellQuote(`${path}.old`)];
  const move = entry === null ? `mv ${from} ${to}` : `git worktree move ${from} ${to}`;
  throw new PwtError('PWT_WORKTREE_EXISTS', `${path} is already there${maker}.`, {
    hint:
      entry?.prunable != null
        ? `Its directory is gone. Take it off the list with: git worktree prune`
        : `${owner === undefined ? '' : 'If its work has landed: pwt clean. '}To keep it under another name: ${move}`,
    data: { path, registered: entry !== null, runId: owner?.runId ?? null },
  });
}

/**
 * Refuses where there is the branch itself, one above it (`feature` for `feature/x`) or one below it: refs are
 * like files.
 *
 * @throws PWT_BRANCH_EXISTS with a command that makes room and loses nothing
 */
function refuseExistingBranch(branch: string, refs: readonly Ref[]): void {
  const taken = refs
    .map(({ ref }) => ref.slice('refs/heads/'.length))
    .find((found) => lineOf(branch).includes(found) || found.startsWith(`${branch}/`));
  if (taken === undefined) return;
  throw new PwtError(
    'PWT_BRANCH_EXISTS',
    `The branch ${taken} already exists and is in the way of ${branch}.`,
    {
      hint: `If its work has landed: git branch -d ${shellQuote(taken)}. To keep it under another name: git branch -m ${shellQuote(taken)} ${shellQuote(`old-${taken}`)}`,
      data: { branch, existing: taken },
    },
  );
}

async function refsInTheWay(git: Git, branch: string): Promise<readonly Ref[]> {
  // Names with other characters may be stored in another form.
  const isPlain = /^[\w./-]+$/.test(branch);
  if (isPlain && (await git.near?.isFree(`refs/heads/${branch}`)) === true) return [];
  return listRefs(git, ...lineOf(branch).map((name) => `refs/heads/${name}`));
}

/** `a`, `a/b` and `a/b/c` for `a/b/c`. */
function lineOf(branch: string): string[] {
  const parts = branch.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
