import type { CommitId } from '@pwt/core';
import { type Git, isValidBranchName, type MergeLabels, objectsOf, readCommitText } from '@pwt/git';

/** How much of a subject a marker shows. */
const SUBJECT_CHARACTERS = 48;

/**
 * What the two sides of a merge are called in its markers: the branch of the task, and the commit that is merged with its
 * subject. Names of refs have no spaces.
 */
export async function labelsFor(
  git: Git,
  { branch, onto }: { readonly branch: string | undefined; readonly onto: CommitId },
): Promise<MergeLabels> {
  const text = await readCommitText(objectsOf(git), onto);
  const subject = text?.message.split('\n', 1)[0] ?? '';
  const words = subject.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-/, '');
  const theirs = `${onto.slice(0, 10)}-${words}`.slice(0, SUBJECT_CHARACTERS).replace(/-$/, '');
  return {
    ours: branch ?? 'work',
    theirs: isValidBranchName(theirs) ? theirs : onto.slice(0, 10),
  };
}
