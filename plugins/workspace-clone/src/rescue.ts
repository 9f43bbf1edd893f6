import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitId, Snapshot, Workspace } from '@pwt/core';
import {
  capture,
  type Git,
  isClean,
  isSameState,
  listSnapshots,
  resolveCommit,
  writeSnapshot,
} from '@pwt/git';
import { fetchCommit } from './clone.js';

/** A commit of a clone, and what names it there. */
export interface Tip {
  readonly commit: CommitId;
  readonly name: string;
}

/** HEAD, the branches and the stash of a clone: everything that can hold work of its own. */
export async function tipsOf(clone: Git): Promise<readonly Tip[]> {
  const lines = await clone.lines([
    'for-each-ref',
    '--format=%(objectname) %(refname)',
    'refs/heads',
    'refs/stash',
  ]);
  const head = await resolveCommit(clone, 'HEAD');
  return (head === null ? lines : [`${head} HEAD`, ...lines]).map((line) => {
    const [commit = '', name = ''] = line.split(' ');
    return { commit, name };
  });
}

export interface RescueRequest {
  /** Works in the project. */
  readonly project: Git;
  /** Works in the clone. */
  readonly clone: Git;
  readonly workspace: Workspace;
  readonly reason: string;
  /** What names commits in the clone that the project does not have. */
  readonly tips: readonly Tip[];
}

/**
 * Keeps the state of a clone, and these commits, as a snapshot of the project under
 * `refs/pwt/<run>/snapshots/<task>/<n>`. A state that is kept already is not kept again.
 *
 * @returns `undefined` if all is committed and no commits are named
 */
export async function rescue(request: RescueRequest): Promise<Snapshot | undefined> {
  const { project, clone, workspace, reason, tips } = request;
  const { runId, id, taskId = id, path } = workspace;
  const gitDir = await realpath(join(path, '.git'));
  const place = { git: clone, commonDir: gitDir, gitDir, workTree: await realpath(path), fallbackHead: null };
  const captured = await capture(
    place,
    tips.map(({ commit }) => commit),
  );
  if (tips.length === 0 && (await isClean(clone, captured))) return undefined;
  const known = (await listSnapshots(project, runId)).filter((entry) => entry.taskId === taskId);
  const last = known.sort((a, b) => a.number - b.number).at(-1);
  if (last !== undefined && (await isSameState(project, last.commit, captured))) return last;
  const commit = await writeSnapshot(clone, captured, { runId, taskId, reason, takenAt: Date.now() });
  const ref = `refs/pwt/${runId}/snapshots/${taskId}/${(last?.number ?? 0) + 1}`;
  await fetchCommit(project, { path, commit, ref });
  return { ref, commit };
}
