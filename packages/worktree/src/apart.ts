import { type CommitId, type Finding, shellQuote, type Workspace } from '@pwt/core';
import { type Git, isAncestor, mergeBases, readRef } from '@pwt/git';

/** Where the work of a task is. */
export interface Whereabouts {
  /** HEAD; or the tip of the task's branch if it is ahead of HEAD: to look at an old commit loses nothing. */
  readonly commit: CommitId;
  readonly apart: Apart | null;
}

/** What the task's branch has and HEAD has not, where neither contains the other. */
export interface Apart {
  /** Short ids and subjects, the newest first. */
  readonly commits: readonly string[];
  /** True if the two have no commit in common. */
  readonly unrelated: boolean;
}

/**
 * Finds the work where HEAD is not on the task's own branch.
 *
 * A commit whose change HEAD has under another id (cherry-picked, rebased) is not apart.
 */
export async function locateWork(
  git: Git,
  { branch, base }: Workspace,
  head: CommitId,
): Promise<Whereabouts> {
  const tip = branch === undefined ? null : await readRef(git, `refs/heads/${branch}`);
  if (tip === null || tip === head) return { commit: head, apart: null };
  if (await isAncestor(git, { ancestor: head, descendant: tip })) return { commit: tip, apart: null };
  if (await isAncestor(git, { ancestor: tip, descendant: head })) return { commit: head, apart: null };
  const what = ['--cherry-pick', '--right-only', '--format=-%h %s'];
  const lines = await git.lines(['rev-list', ...what, '--end-of-options', `${head}...${tip}`, `^${base}`]);
  const commits = lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1));
  if (commits.length === 0) return { commit: head, apart: null };
  return { commit: head, apart: { commits, unrelated: (await mergeBases(git, head, tip)).length === 0 } };
}

/** How many commits are named, and how much of each subject. */
const SHOWN = 5;
const SHOWN_CHARACTERS = 72;

/** Says which commits would be left out, and how to land them or to leave them where they are. Pure. */
export function apartFinding(
  { path, taskId, branch = '' }: Workspace,
  headBranch: string | null,
  { commits, unrelated }: Apart,
): Finding {
  const shown = commits.slice(0, SHOWN).map((line) => line.slice(0, SHOWN_CHARACTERS));
  const more = commits.length > SHOWN ? ` and ${commits.length - SHOWN} more` : '';
  const flag = unrelated ? '--allow-unrelated-histories ' : '';
  const where = headBranch === null ? 'a detached HEAD' : headBranch.replace(/^refs\/heads\//, '');
  const [place, name] = [shellQuote(path), shellQuote(branch)];
  return {
    kind: 'left-out',
    severity: 'error',
    taskIds: taskId === undefined ? [] : [taskId],
    subjects: [branch],
    message: `The work went on elsewhere (${where}), without what was committed on the task's branch ${branch}: ${shown.join(', ')}${more}.`,
    hint: `To land both: git -C ${place} merge ${flag}${name} && pwt resume. To land only what is checked out, and keep the other under another name: git -C ${place} branch -m ${name} ${shellQuote(`apart/${branch}`)} && pwt resume`,
  };
}
