import { isElsewhere, PwtError, type RunState, type TaskState, tokens, type Workspace } from '@pwt/core';
import { mergeBaseTree, readSnapshot, resolveCommit, writeWorktreeTree } from '@pwt/git';
import type { Project } from '../../project/project.js';
import type { OperationContext } from '../operation-context.js';
import { recordedConfig } from '../run/recorded-config.js';

/** How long another machine is waited for: somebody sits at the terminal. */
const PATIENCE_MS = 20_000;

export interface TaskDiffRequest {
  readonly state: RunState;
  readonly taskId: string;
  /** Only the changed files. */
  readonly stat?: boolean;
}

/**
 * What a task has changed so far, as git prints it: its commit if it has one, else what lies in its worktree
 * right now, untracked files included. Works beside a busy agent, and changes nothing of its work; from another machine it comes as
 * a snapshot.
 *
 * @returns `undefined` if the task has not begun, or if nothing is left to look at
 * @throws PwtError `PWT_MACHINE_SILENT` if another machine does not answer
 */
export async function taskDiff(
  context: OperationContext,
  { state, taskId, stat = false }: TaskDiffRequest,
): Promise<string | undefined> {
  const { project } = context;
  const task = state.tasks.get(taskId);
  if (task === undefined) return undefined;
  const { base, commit } = task;
  const work =
    commit === undefined ? await worktreeState(context, state, task) : { head: commit, tree: commit };
  if (base === undefined || work === undefined) return undefined;
  // As `WorkspaceProvider.changes` measures it: what the base has and the work has not is no change.
  const from = work.head === null ? null : await mergeBaseTree(project.git, base, work.head);
  const { stdout } = await project.git.run([
    'diff',
    '--no-ext-diff',
    '--color=never',
    ...(stat ? ['--stat'] : []),
    from ?? base,
    work.tree,
    '--',
  ]);
  return stdout;
}

interface WorktreeState {
  readonly head: string | null;
  readonly tree: string;
}

async function worktreeState(
  context: OperationContext,
  state: RunState,
  { workspace, workspaceGone }: TaskState,
): Promise<WorktreeState | undefined> {
  if (!workspace || workspaceGone) return undefined;
  return isElsewhere(workspace)
    ? stateElsewhere(context, state, workspace)
    : stateHere(context.project, workspace);
}

async function stateHere(
  { git, repository, stateDir }: Project,
  workspace: Workspace,
): Promise<WorktreeState | undefined> {
  const { openWorktree } = await import('@pwt/worktree');
  const worktree = await openWorktree({ git, commonDir: repository.commonDir, stateDir }, workspace);
  if (worktree === undefined) return undefined;
  return { head: await resolveCommit(worktree, 'HEAD'), tree: await writeWorktreeTree(worktree) };
}

async function stateElsewhere(
  { project, overrides, compose }: OperationContext,
  state: RunState,
  workspace: Workspace,
): Promise<WorktreeState | undefined> {
  const { container } = await compose(recordedConfig(project.root, state, overrides));
  const provider = await container.resolve(tokens.workspaceProvider);
  const asked = provider.snapshot?.({ workspace, reason: 'to be looked at' });
  const snapshot = asked && (await inTime(asked, workspace));
  return snapshot && readSnapshot(project.git, snapshot.commit);
}

async function inTime<T>(asked: Promise<T>, { host = '', taskId }: Workspace): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new PwtError(
            'PWT_MACHINE_SILENT',
            `Machine ${host} has not answered within ${PATIENCE_MS / 1000} s: what task ${taskId} has changed there can't be seen now.`,
            { hint: 'What was kept of it before: pwt restore', data: { host } },
          ),
        ),
      PATIENCE_MS,
    );
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
