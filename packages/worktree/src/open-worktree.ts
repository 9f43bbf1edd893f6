import { join } from 'node:path';
import type { Workspace } from '@pwt/core';
import type { Git } from '@pwt/git';
import { examine } from './evidence.js';
import { PROVIDER_NAME, WorktreeRecords } from './records.js';
import { requireIntact } from './require-intact.js';

export interface OpenWorktreeRequest {
  /** Runs in the checkout from which pwt works. */
  readonly git: Git;
  readonly commonDir: string;
  readonly stateDir: string;
}

/**
 * A git for looking into the worktree of a task: with the git directory that pwt made for it, never with one that
 * the `.git` in it may lead to by now.
 *
 * @returns `undefined` if there is no worktree any more, or if it is another provider's
 * @throws PWT_WORKTREE_BROKEN if something else is in its place
 */
export async function openWorktree(
  { git, commonDir, stateDir }: OpenWorktreeRequest,
  workspace: Workspace,
): Promise<Git | undefined> {
  if (workspace.provider !== PROVIDER_NAME) return undefined;
  const record = await new WorktreeRecords(join(stateDir, 'worktrees')).read(workspace.id);
  if (record === undefined) return undefined;
  if ((await examine(git, commonDir, record)).status === 'gone') return undefined;
  return (await requireIntact(git, commonDir, record)).git;
}
