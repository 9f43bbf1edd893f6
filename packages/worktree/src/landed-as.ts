import { type CommitId, defined, hasCode, type LandedAs, type RemoveRequest } from '@pwt/core';
import { type Git, isAncestor, mergeBases, resolveCommit, resolveObject, verifyMerge } from '@pwt/git';

/** True if a commit is on the target: contained in it, or part of work that landed as another commit. */
export async function isSafe(
  git: Git,
  commit: CommitId,
  { containedIn, landedAs }: { readonly containedIn: CommitId } & Pick<RemoveRequest, 'landedAs'>,
): Promise<boolean> {
  if (await isAncestor(git, { ancestor: commit, descendant: containedIn })) return true;
  if (landedAs === undefined) return false;
  // What was added to the branch after it landed is not part of that work.
  if (!(await isAncestor(git, { ancestor: commit, descendant: landedAs.commit }))) return false;
  return hasLandedAs(git, landedAs, containedIn);
}

/**
 * Whether the work of a commit is on the target in another one. By id: the target contains that other commit. And by
 * content: the work is on top of it and changes nothing, or that commit is the join of its parent and the work, or what the work has changed since `over`, path by path; see
 * {@link verifyMerge}.
 */
export async function hasLandedAs(
  git: Git,
  { commit, as, over, marked: edited }: LandedAs,
  containedIn: CommitId,
): Promise<boolean> {
  const [tip, work] = await Promise.all([resolveCommit(git, as), resolveCommit(git, commit)]);
  if (tip === null || work === null) return false;
  if (!(await isAncestor(git, { ancestor: as, descendant: containedIn }))) return false;
  // It is on top of that commit, and changes nothing there: nothing of it can be missing.
  const isOnTop = await isAncestor(git, { ancestor: tip, descendant: work });
  if (isOnTop && (await isSameTree(git, work, tip))) return true;
  const onto = await resolveCommit(git, `${as}^1`);
  if (onto === null) return false;
  const shared = await mergeBases(git, over ?? onto, work);
  const bases = over === undefined ? shared : shared.slice(0, 1);
  if (bases.length === 0) return false;
  try {
    await verifyMerge(git, { onto, commit: work, bases, tree: `${as}^{tree}`, ...defined({ edited }) });
    return true;
  } catch (error) {
    if (hasCode(error, 'PWT_MERGE_UNSOUND')) return false;
    throw error;
  }
}

async function isSameTree(git: Git, a: CommitId, b: CommitId): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map((commit) => resolveObject(git, `${commit}^{tree}`)));
  return one !== null && one === other;
}
