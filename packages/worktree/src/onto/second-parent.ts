import type { CommitId } from '@pwt/core';
import { fallbackWhereUnset, isAncestor, requireTree, writeCommit } from '@pwt/git';
import type { Opened } from '../collect.js';
import type { ProviderContext } from '../context.js';
import type { PreparedConflict } from './unresolved.js';

/**
 * Gives the merge that was left in a worktree its second parent, where somebody has committed its files as an ordinary
 * commit: without it, the same conflict would come back. Nothing is guessed: see {@link PreparedConflict.isIn}.
 *
 * @param commit what is checked out
 * @returns the commit that has the work, which is checked out by then
 */
export async function withSecondParent(
  { git }: ProviderContext,
  { git: own, record }: Opened,
  { conflict, commit }: { readonly conflict: PreparedConflict; readonly commit: CommitId },
): Promise<CommitId> {
  const { merging, workspace } = record;
  if (merging === undefined) return commit;
  const contains = (ancestor: CommitId) => isAncestor(git, { ancestor, descendant: commit });
  if ((await contains(merging.onto)) || !(await contains(merging.head))) return commit;
  if (!(await conflict.isIn(commit))) return commit;
  const short = merging.onto.slice(0, 10);
  const merged = await writeCommit(git, {
    tree: await requireTree(git, commit),
    parents: [commit, merging.onto],
    message: `Merge ${short} into ${workspace.branch ?? 'the work of the task'}\n\nIts files were committed before, without their second parent.\n`,
    ...(await fallbackWhereUnset(git)),
    guessIdentity: false,
  });
  await own.run(['update-ref', '-m', `pwt: merge ${short}`, 'HEAD', merged, commit]);
  return merged;
}
