import { randomBytes } from 'node:crypto';
import { readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type CreatedWorkspace,
  defined,
  PwtError,
  shellQuote,
  throwIfAborted,
  type Workspace,
} from '@pwt/core';
import { type Git, gitDirAt, listFiles, readHead, seedModules } from '@pwt/git';
import type { ProviderContext } from './context.js';
import { writeMark } from './evidence.js';
import { readHiddenFiles } from './hidden-files.js';
import type { Home } from './home.js';
import { copyIncluded } from './include.js';
import { physicalPath } from './location.js';
import type { WorktreeRecord } from './records.js';
import { requireIntact } from './require-intact.js';
import { runSetup } from './setup.js';

/**
 * The folders in which no worktree may be made: the checkout, the checkouts around it, and all worktrees.
 *
 * @param worktrees their paths, links resolved
 */
export async function forbiddenFolders(
  git: Git,
  { around }: Home,
  worktrees: readonly string[],
): Promise<string[]> {
  const own = [git.cwd, ...around];
  // A path that can't be resolved (a disk that is not mounted, say) counts as written.
  return [
    ...(await Promise.all(own.map((folder) => physicalPath(folder).catch(() => folder)))),
    ...worktrees,
  ];
}

/** A new record, before anything of it exists. */
export function newRecord(workspace: Workspace): WorktreeRecord {
  return { v: 1, workspace, state: 'creating', mark: randomBytes(16).toString('hex') };
}

/**
 * Checks that git has made the worktree that was asked for, and marks it as ours.
 *
 * @throws PWT_WORKTREE_BROKEN
 */
export async function verifyAndMark(context: ProviderContext, record: WorktreeRecord): Promise<void> {
  const { path, base, branch } = record.workspace;
  const gitDir = await gitDirAt(path);
  const isLinked =
    gitDir !== null && dirname(gitDir) === join(await realpath(context.commonDir), 'worktrees');
  if (!isLinked) throw unusable(path, `its git directory is ${gitDir ?? 'missing'}`);
  const git = context.git.inWorktree({ path, gitDir, commonDir: context.commonDir });
  const head = await readHead(git, context.commonDir);
  const expectedBranch = branch === undefined ? null : `refs/heads/${branch}`;
  if (head?.commit !== base || head.branch !== expectedBranch) {
    throw unusable(path, `it is at ${head?.commit ?? 'no commit'} on ${head?.branch ?? 'no branch'}`);
  }
  if ((await readdir(path)).length < 2 && (await hasFilesToShow(git, base)))
    throw unusable(path, 'it is empty');
  await writeMark(gitDir, record.mark);
}

/**
 * Copies the repositories of submodules and what `.worktreeinclude` names, then runs the setup command.
 *
 * @throws PWT_ABORTED, PWT_SETUP_FAILED
 * @returns how the setup command went, and the files that it has hidden from git
 */
export async function prepareWorktree(
  context: ProviderContext,
  record: WorktreeRecord,
  abortSignal: AbortSignal | undefined,
): Promise<Pick<WorktreeRecord, 'hidden'> & Pick<CreatedWorkspace, 'setup'>> {
  const { workspace } = record;
  const { commonDir } = context;
  const { git, gitDir } = await requireIntact(context.git, commonDir, record);
  await seedModules(context.git, { commonDir, gitDir, commit: workspace.base });
  await copyIncluded(context.git, git);
  throwIfAborted(abortSignal);
  if (context.setup === undefined) return {};
  const setup = await runSetup(context.setup, workspace, {
    env: context.env,
    logFile: join(context.stateDir, 'runs', workspace.runId, 'setup', `${workspace.id}.log`),
    abortSignal,
  });
  const hidden = await readHiddenFiles(git);
  return { setup, ...defined({ hidden }) };
}

async function hasFilesToShow(git: Git, commit: string): Promise<boolean> {
  const sparse = await git.run(['config', '--type=bool', '--get', 'core.sparseCheckout'], {
    okExitCodes: [0, 1],
  });
  return !sparse.stdout.startsWith('true') && (await listFiles(git, commit)).length > 0;
}

function unusable(path: string, why: string): PwtError {
  return new PwtError('PWT_WORKTREE_BROKEN', `The new worktree ${path} is not what was asked for: ${why}.`, {
    hint: `See: git worktree list; and run: git -C ${shellQuote(path)} status`,
    data: { path, why },
  });
}
