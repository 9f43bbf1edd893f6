import type { RepositoryChange } from '@pwt/core';

/**
 * The report about a repository that git does not recognise any more.
 *
 * @param words git's own message
 */
export function describeUnreadable(words: string): RepositoryChange {
  return {
    kind: 'config',
    severity: 'error',
    message: `git does not take the repository for one any more: ${words}`,
    hint: 'Put back what was changed in its configuration, then run: pwt land',
  };
}
