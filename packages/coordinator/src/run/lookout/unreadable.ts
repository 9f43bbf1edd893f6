import type { RepositoryChange } from '@pwt/core';

/**
 * What is to be said of a repository that git does not take for one.
 *
 * @param words git's own
 */
export function describeUnreadable(words: string): RepositoryChange {
  return {
    kind: 'config',
    severity: 'error',
    message: `git does not take the repository for one any more: ${words}`,
    hint: 'Put back what was changed in its configuration, then run: pwt land',
  };
}
