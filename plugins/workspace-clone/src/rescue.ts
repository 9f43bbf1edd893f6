import type { CommitId, Workspace } from '@pwt/core';
import { commitTree, type Git, type Identity, readStatus, resolveCommit, writeWorktreeTree } from '@pwt/git';
import { bringHome } from './clone.js';

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

/**
 * Keeps what would go with a clone: these commits, and what is uncommitted in it, as commits of the project
 * under `refs/pwt/<run>/snapshots/<task>/`.
 */
export async function rescue(
  project: Git,
  clone: Git,
  workspace: Workspace,
  tips: readonly Tip[],
  identity: Identity,
): Promise<void> {
  const snapshot = await snapshotOf(clone, identity);
  const commits = new Set([
    ...tips.map(({ commit }) => commit),
    ...(snapshot === undefined ? [] : [snapshot]),
  ]);
  for (const commit of commits) {
    const ref = `refs/pwt/${workspace.runId}/snapshots/${workspace.id}/${commit.slice(0, 12)}`;
    await bringHome(project, { path: workspace.path, commit, ref });
  }
}

async function snapshotOf(clone: Git, identity: Identity): Promise<CommitId | undefined> {
  if ((await readStatus(clone)).length === 0) return undefined;
  const head = await resolveCommit(clone, 'HEAD');
  const message = 'Uncommitted work, kept by pwt before the clone was removed\n';
  return commitTree(clone, {
    tree: await writeWorktreeTree(clone),
    parents: head === null ? [] : [head],
    message,
    author: identity,
    committer: identity,
  });
}
