import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitId } from '@pwt/core';
import {
  compareTrees,
  diskPath,
  forgetMerge,
  type Git,
  objectsOf,
  readHead,
  readMergeHead,
  requireTree,
  retryWhileLocked,
} from '@pwt/git';
import type { Opened } from '../collect.js';
import type { ProviderContext } from '../context.js';
import { releaseDeadLock } from '../dead-lock.js';
import { branchTip } from '../discard.js';
import { takeSnapshot } from '../snapshot.js';
import { remember } from './remember.js';

/**
 * Looks at a move that was interrupted: what was brought to its end counts, everything else is undone. Nobody else has worked
 * in the worktree meanwhile.
 */
export async function settleMove(context: ProviderContext, opened: Opened): Promise<Opened> {
  await releaseDeadLock(opened);
  const { git, record } = opened;
  const { moving } = record;
  if (moving === undefined) return opened;
  const { to: _, ...merging } = moving;
  const { head, onto } = merging;
  if ((await readHead(git, context.commonDir))?.commit !== head) {
    return { ...opened, record: await remember(context, record, { moving: null }) };
  }
  if ((await readMergeHead(git)) === onto) {
    const facts = { base: onto, moving: null, merging };
    return { ...opened, record: await remember(context, record, facts) };
  }
  return undoMove(context, opened);
}

/** Brings a worktree back to where it was before a move. What is in it now is kept in a snapshot, if it is anything else. */
export async function undoMove(context: ProviderContext, opened: Opened): Promise<Opened> {
  const { git, record } = opened;
  const { moving, workspace } = record;
  if (moving === undefined) return opened;
  const safeIn = [workspace.base, await branchTip(context, record)];
  await takeSnapshot(context, record, { reason: 'a merge was interrupted', safeIn });
  if (!(await isAt(git, moving.head))) {
    await retryWhileLocked(() => git.run(['reset', '--quiet', '--hard', moving.head]), git);
  }
  const before = await requireTree(context.git, moving.head);
  // Before the move, nothing was at these paths: see `obstaclesTo`.
  for (const { path, status } of await compareTrees(objectsOf(context.git), before, moving.to)) {
    if (status === 'A') await rm(diskPath(join(git.cwd, path)), { force: true });
  }
  await forgetMerge(git);
  return { ...opened, record: await remember(context, record, { moving: null }) };
}

/** True if index and tracked files are those of a commit. Edits at which git was told not to look are not looked at. */
async function isAt(git: Git, commit: CommitId): Promise<boolean> {
  await retryWhileLocked(() => git.run(['update-index', '-q', '--refresh'], { okExitCodes: [0, 1] }), git);
  return (await git.run(['diff-index', '--quiet', commit, '--'], { okExitCodes: [0, 1] })).exitCode === 0;
}
