import { PwtError } from '@pwt/core';
import { type Git, mergeBases, readHead } from '@pwt/git';
import { type Evidence, examine, findMarkedGitDir, writeMark } from './evidence.js';
import type { WorktreeRecord } from './records.js';
import { recoveryHint } from './recovery-hint.js';

/**
 * The git of a worktree that can be worked in.
 *
 * @throws PWT_WORKTREE_BROKEN with the command that leads out
 */
export async function requireIntact(
  git: Git,
  commonDir: string,
  record: WorktreeRecord,
): Promise<Extract<Evidence, { status: 'intact' }>> {
  const evidence = await examineOrAdopt(git, commonDir, record);
  if (evidence.status === 'intact') return evidence;
  const { path, branch, taskId } = record.workspace;
  const why = evidence.status === 'gone' ? `${path} is gone` : evidence.message;
  throw new PwtError('PWT_WORKTREE_BROKEN', `The worktree of ${taskId ?? 'a gate'} cannot be used: ${why}.`, {
    hint: await recoveryHint(git, commonDir, record, evidence),
    data: { path, branch: branch ?? null, found: evidence.status },
  });
}

/**
 * Looks at the place of a record, and marks as ours again what was made in it by `git worktree add` after the
 * worktree had been deleted.
 *
 * The evidence: it is registered at that place, no other worktree has our mark, it has our branch checked out, and
 * that has a history in common with the commit that the branch was made at.
 */
export async function examineOrAdopt(git: Git, commonDir: string, record: WorktreeRecord): Promise<Evidence> {
  const evidence = await examine(git, commonDir, record);
  if (evidence.status !== 'foreign' || evidence.gitDir === undefined) return evidence;
  const { branch, base, path } = record.workspace;
  if (branch === undefined || record.state !== 'ready') return evidence;
  const own = git.inWorktree({ path, gitDir: evidence.gitDir, commonDir });
  const head = await readHead(own, commonDir);
  if (head === null || head.branch !== `refs/heads/${branch}`) return evidence;
  if ((await findMarkedGitDir(commonDir, record.mark)) !== undefined) return evidence;
  if ((await mergeBases(git, base, head.commit)).length === 0) return evidence;
  await writeMark(evidence.gitDir, record.mark);
  return { status: 'intact', git: own, gitDir: evidence.gitDir };
}
