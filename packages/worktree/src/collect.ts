import { type ChangedPath, type CollectResult, type CommitId, PwtError, type Workspace } from '@pwt/core';
import {
  type ChangedFile,
  type CommitAllOutcome,
  changedFiles,
  commitAll,
  type Git,
  isAncestor,
  mergeBaseTree,
  readIdentity,
  readOperationState,
  readRef,
  writeWorktreeTree,
} from '@pwt/git';
import { findLeftovers, type Leftovers } from './leftovers.js';

/** Who commits leftovers where git has no identity configured. */
const FALLBACK_IDENTITY = { name: 'pwt', email: 'pwt@localhost' } as const;

/**
 * Commits what is left uncommitted in a worktree and says which commit holds the work.
 *
 * That is HEAD, on whatever branch the agent has left it or detached; or the tip of the workspace's own
 * branch, where HEAD was left behind it with nothing uncommitted. Left alone: repositories that the agent has
 * made or cloned inside the worktree, and symbolic links that lead out of it.
 *
 * @throws PWT_WORKTREE_BUSY in the middle of a merge, rebase, cherry-pick, revert or bisect, with unresolved
 *   conflicts, or under a lock
 */
export async function collect(git: Git, workspace: Workspace, message: string): Promise<CollectResult> {
  await refuseBusy(git, workspace);
  const leftovers = await findLeftovers(git);
  const { unmerged, headBranch } = leftovers;
  if (unmerged.length > 0) {
    throw busy(workspace, `has unresolved conflicts in ${unmerged.join(', ')}`, 'resolve them and commit');
  }
  const outcome = await commitLeftovers(git, leftovers, message);
  const committedLeftovers = outcome.status === 'committed';
  const isAtTip = committedLeftovers || headBranch === `refs/heads/${workspace.branch}`;
  const commit = isAtTip ? outcome.commit : await furthest(git, workspace, outcome.commit);
  return { commit, changes: await changesSince(git, workspace, commit), committedLeftovers };
}

async function commitLeftovers(
  git: Git,
  { headCommit, work, repositories, linksOut }: Leftovers,
  message: string,
): Promise<CommitAllOutcome> {
  if (work.length === 0 && headCommit !== null) return { status: 'unchanged', commit: headCommit };
  const isAnonymous = (await readIdentity(git)) === null;
  return commitAll(git, {
    message: message.endsWith('\n') ? message : `${message}\n`,
    ...(isAnonymous && { author: FALLBACK_IDENTITY, committer: FALLBACK_IDENTITY }),
    exclude: [...repositories, ...linksOut],
  });
}

/** What {@link collect} would say right now, uncommitted and untracked work included. */
export async function currentChanges(git: Git, workspace: Workspace): Promise<ChangedPath[]> {
  const { headCommit, headBranch, work, repositories, linksOut } = await findLeftovers(git);
  if (headCommit !== null && work.length === 0) {
    const isAtTip = headBranch === `refs/heads/${workspace.branch}`;
    const commit = isAtTip ? headCommit : await furthest(git, workspace, headCommit);
    return changesSince(git, workspace, commit);
  }
  const tree = await writeWorktreeTree(git, { exclude: [...repositories, ...linksOut] });
  return changesSince(git, workspace, headCommit, tree);
}

async function refuseBusy(git: Git, workspace: Workspace): Promise<void> {
  const { operation, indexLocked } = await readOperationState(git);
  if (operation !== null) {
    throw busy(workspace, `is in the middle of a ${operation}`, 'finish or abort it there');
  }
  if (indexLocked) {
    const file = await git.text(['rev-parse', '--git-path', 'index.lock']);
    throw busy(workspace, 'is locked by a git process', `if none is running there, delete ${file}`);
  }
}

function busy({ path, taskId }: Workspace, what: string, todo: string): PwtError {
  return new PwtError('PWT_WORKTREE_BUSY', `${path} ${what}, so its work cannot be collected.`, {
    hint: `Nothing was touched: ${todo}, then run: pwt resume`,
    data: { path, taskId: taskId ?? null },
  });
}

/** The branch's tip if it is ahead of HEAD: an agent that only looked at an old commit has lost nothing. */
async function furthest(git: Git, { branch }: Workspace, head: CommitId): Promise<CommitId> {
  if (branch === undefined) return head;
  const tip = await readRef(git, `refs/heads/${branch}`);
  return tip !== null && (await isAncestor(git, { ancestor: head, descendant: tip })) ? tip : head;
}

/**
 * What the task has changed: what differs from the point at which its work leaves the base's history. An agent
 * that went back to an older commit has not undone what came after it, and a merge would not either. Where there
 * is no such point, what differs from the base.
 */
async function changesSince(
  git: Git,
  { base }: Workspace,
  commit: CommitId | null,
  tree: string | null = commit,
): Promise<ChangedPath[]> {
  if (tree === base || tree === null) return [];
  const from = commit === null ? null : await mergeBaseTree(git, base, commit);
  return (await changedFiles(git, { from: from ?? base, to: tree })).map(toChangedPath);
}

const KINDS: Readonly<Record<ChangedFile['status'], ChangedPath['kind']>> = {
  A: 'added',
  D: 'deleted',
  M: 'modified',
  T: 'type-changed',
  R: 'renamed',
  C: 'copied',
};

function toChangedPath({ status, path, from }: ChangedFile): ChangedPath {
  const kind = KINDS[status];
  return from === null ? { path, kind } : { path, kind, from };
}
