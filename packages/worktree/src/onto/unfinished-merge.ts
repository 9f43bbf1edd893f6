import { type CommitId, type ConflictedPath, type Finding, shellQuote, type Workspace } from '@pwt/core';

/** How many paths are named. */
const SHOWN = 5;

/** Says that the merge in a worktree is not finished, and how it is. Pure. */
export function unfinishedMerge(
  { path, taskId }: Workspace,
  {
    onto,
    paths,
    isCommitted,
  }: { readonly onto: CommitId; readonly paths: readonly ConflictedPath[]; readonly isCommitted: boolean },
): Finding {
  const named = paths
    .slice(0, SHOWN)
    .map((one) => (one.kind === undefined ? one.path : `${one.path} (${one.kind})`));
  const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : '';
  const where = `${named.join(', ')}${more}`;
  const place = shellQuote(path);
  return {
    kind: 'merge',
    severity: 'error',
    taskIds: taskId === undefined ? [] : [taskId],
    subjects: paths.map((one) => one.path),
    message: isCommitted
      ? `Conflict markers are committed in ${where}: the merge of ${onto.slice(0, 10)} is not resolved.`
      : `The merge of ${onto.slice(0, 10)} is not finished: ${where}.`,
    hint: `Edit the files until no marker is left, then: git -C ${place} commit -a, and: pwt resume. See them: git -C ${place} status`,
  };
}
