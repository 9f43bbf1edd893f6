import { readdir, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { PwtError, shellQuote, type Workspace } from '@pwt/core';
import { discoverRepository, Git, requireWorktree } from '@pwt/git';
import type { Environment } from '../../project/project.js';

/** The attempt at a task whose agent works in a folder. */
export interface OwnAttempt {
  readonly runId: string;
  readonly taskId: string;
  /** Absolute. */
  readonly stateDir: string;
  /** Where its agent states that nothing has to be changed. Absolute. */
  readonly statement: string;
  /** The paths that the agent has changed so far; empty also where its workspace is of a plugin. */
  changes(): Promise<readonly string[]>;
}

export interface OwnAttemptRequest {
  /** Any folder in the worktree. Absolute. */
  readonly cwd: string;
  readonly env: Environment;
}

/**
 * Finds the attempt whose agent calls from this folder: by the worktree, and in a workspace of a plugin by what the agent was
 * started with. Works in a sandbox, reads no configuration of the repository, and changes nothing.
 *
 * @throws PwtError `PWT_TASK_NOT_HERE`, `PWT_TASK_ENDED` for what an ended attempt has left running
 */
export async function ownAttempt({ cwd, env }: OwnAttemptRequest): Promise<OwnAttempt> {
  const place = await realpath(cwd);
  const own =
    env.PWT_WORKTREE === undefined ? undefined : await realpath(env.PWT_WORKTREE).catch(() => undefined);
  // Of two tasks at work, neither speaks for the other.
  if (own !== undefined && place !== own && !place.startsWith(`${own}${sep}`)) throw notHere(own);
  return (await byWorktree(place, env)) ?? byEnvironment(own, env);
}

async function byWorktree(cwd: string, env: Environment): Promise<OwnAttempt | undefined> {
  const git = new Git({ cwd, env });
  const found = await discoverRepository(git).catch(() => undefined);
  if (found === undefined || found.topLevel === null) return undefined;
  const { commonDir, topLevel } = requireWorktree(found);
  const pwtDir = join(commonDir, 'pwt');
  const { workspaceAt } = await import('@pwt/worktree');
  const workspace = await workspaceAt(pwtDir, topLevel);
  if (workspace === undefined) {
    // In a submodule, or another repository inside of the worktree.
    const around = dirname(topLevel);
    return around === topLevel ? undefined : byWorktree(around, env);
  }
  if (workspace.taskId === undefined) return undefined;
  const { runId, taskId } = workspace;
  const tasks = join(pwtDir, 'runs', runId, 'tasks', taskId);
  const attempts = (await readdir(tasks).catch(() => [])).map(Number).filter(Number.isSafeInteger);
  const stateDir = join(tasks, String(Math.max(0, ...attempts)));
  const { statementFile } = await import('@pwt/launcher');
  const statement = statementFile(stateDir);
  if (!(await isCallersOwn(statement, env))) throw ended({ runId, taskId });
  const changes = async () => changedIn(workspace, { git, commonDir, pwtDir, env });
  return { runId, taskId, stateDir, statement, changes };
}

/** False for what an earlier attempt has left running: the worktree is that of the next one by now. */
async function isCallersOwn(statement: string, { PWT_STATEMENT_FILE: given }: Environment): Promise<boolean> {
  if (given === undefined) return true;
  const [own, mine] = await Promise.all([given, statement].map((path) => realpath(path).catch(() => path)));
  return own === mine;
}

async function changedIn(
  workspace: Workspace,
  { git, commonDir, pwtDir, env }: { git: Git; commonDir: string; pwtDir: string; env: Environment },
): Promise<readonly string[]> {
  // It makes no workspace here, so that where one would be does not matter.
  const names = { worktreeTemplate: '../{repo}-wt{id}', branchTemplate: '{id}' };
  const { GitWorktreeProvider } = await import('@pwt/worktree');
  const provider = new GitWorktreeProvider({ git, commonDir, stateDir: pwtDir, env, ...names });
  return (await provider.changes(workspace)).map(({ path }) => path);
}

/** @throws PwtError `PWT_TASK_NOT_HERE` */
function byEnvironment(own: string | undefined, env: Environment): OwnAttempt {
  const { PWT_RUN_ID: runId, PWT_TASK_ID: taskId, PWT_STATEMENT_FILE: statement } = env;
  if (own === undefined || runId === undefined || taskId === undefined || statement === undefined)
    throw notHere();
  return { runId, taskId, stateDir: join(statement, '..'), statement, changes: async () => [] };
}

/** What is stated for a task that its agent does not work on any more does not count. */
export function ended({ taskId, runId }: Pick<OwnAttempt, 'taskId' | 'runId'>): PwtError {
  return new PwtError(
    'PWT_TASK_ENDED',
    `No agent works on task ${taskId}: what is stated for it does not count.`,
    {
      hint: `How it stands, and what can be done: pwt status --run ${shellQuote(runId)}`,
      data: { taskId, runId },
    },
  );
}

function notHere(own?: string): PwtError {
  return new PwtError('PWT_TASK_NOT_HERE', 'This folder is not in the worktree of a task that you work on.', {
    hint:
      own === undefined
        ? 'It is for the agent of a task: it runs in the worktree that the agent was given, while the agent works.'
        : `Your task is in another one: go to ${own}`,
  });
}
