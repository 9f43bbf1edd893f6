import { PwtError } from '@pwt/core';
import {
  type Git,
  haveMet,
  type MergeToVerify,
  mergeBaseTree,
  mergeWithin,
  type SideChanges,
} from '@pwt/git';

/**
 * Merges a second time where both sides have changed a file, on the merge base said expressly, and compares the trees:
 * what git makes of the two contents can't be told from their ids. Where the sides have not met, nothing is done.
 *
 * @throws PWT_MERGE_UNSOUND if another tree comes out
 */
export async function mergeAgain(
  git: Git,
  { onto, commit, bases, tree, sides }: MergeToVerify & { readonly sides: SideChanges },
  limits: Parameters<typeof mergeWithin>[2],
): Promise<void> {
  if (!haveMet(sides)) return;
  const base = bases.length === 1 ? bases[0] : await mergeBaseTree(git, onto, commit);
  const again = await mergeWithin(git, { ours: onto, theirs: commit, ...(base ? { base } : {}) }, limits);
  if (again.status === 'clean' && again.tree === tree) return;
  throw new PwtError('PWT_MERGE_UNSOUND', `Merging ${commit} onto ${onto} twice gave two different trees.`, {
    hint: 'Nothing was moved. Merge the branch by hand (git merge), and please report what git printed.',
    data: { onto, commit, bases, tree, again: again.tree, paths: [] },
  });
}
