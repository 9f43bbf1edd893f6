import type { Finding } from './finding.js';
import type { RepositoryRecord, RepositoryState } from './repository.js';
import { isAbout } from './repository-change.js';
import { compareRepository } from './repository-changes.js';
import type { CommitId } from './workspace.js';

/**
 * The findings about the repository that have been put right: what they are about is again as it was when the run started,
 * or as the run knew it later. Pure.
 *
 * @param record the observations at which they were found, and that at the start of the run
 * @param now an observation of a repository that git recognises
 * @param known the tip of the target that the run knows
 */
export function findPutRight(
  findings: readonly Finding[],
  { start, last }: Pick<RepositoryRecord, 'start' | 'last'>,
  now: RepositoryState,
  known: CommitId | undefined,
): Finding[] {
  const was = compareRepository(start, last);
  const is = compareRepository(start, now);
  const isRight = (finding: Finding): boolean => {
    const { kind, severity, subjects = [] } = finding;
    if (kind === 'index' && severity === 'error') return isUnstaged(subjects, now);
    if (kind === 'target' && severity === 'error' && now.target.tip === known) return true;
    // Commits of others do not go away.
    if (kind === 'target' && severity === 'info') return false;
    // About the repository as a whole, when git did not recognise it.
    if (kind === 'config' && severity === 'error' && subjects.length === 0) return true;
    return was.some((change) => isAbout(change, finding)) && !is.some((change) => isAbout(change, finding));
  };
  return findings.filter((finding) => finding.resolved !== true && isRight(finding));
}

/** Only the user's own checkout is observed; nothing is known of others. */
function isUnstaged(paths: readonly string[], { checkouts, target, files }: RepositoryState): boolean {
  if (files === null || checkouts[0]?.branch !== target.branch) return false;
  return paths.every((path) => (files[path]?.staged ?? '') === '');
}
