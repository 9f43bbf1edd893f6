import type { Finding } from './finding.js';
import type { RepositoryRecord, RepositoryState } from './repository.js';
import { isAbout } from './repository-change.js';
import { compareRepository } from './repository-changes.js';
import type { CommitId } from './workspace.js';

/**
 * The findings about the repository that no longer hold: what they are about is as it was when the run started, or
 * where the run knew it. Pure.
 *
 * @param record what was looked at when they were found, and when the run started
 * @param now a look in which git took the repository for one
 * @param known where the run knows the target to be
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
    // Commits that others have made stay made.
    if (kind === 'target' && severity === 'info') return false;
    // Said of the repository as a whole, when git did not take it for one.
    if (kind === 'config' && severity === 'error' && subjects.length === 0) return true;
    return was.some((change) => isAbout(change, finding)) && !is.some((change) => isAbout(change, finding));
  };
  return findings.filter((finding) => finding.resolved !== true && isRight(finding));
}

/** Seen in the user's own checkout only: of another one nothing is known. */
function isUnstaged(paths: readonly string[], { checkouts, target, files }: RepositoryState): boolean {
  if (files === null || checkouts[0]?.branch !== target.branch) return false;
  return paths.every((path) => (files[path]?.staged ?? '') === '');
}
