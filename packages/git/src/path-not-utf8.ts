import { PwtError } from '@pwt/core';

/** The error for a repository, or a current folder, whose own path has a byte that is no UTF-8. */
export function pathNotUtf8(path: string): PwtError {
  return new PwtError(
    'PWT_PATH_NOT_UTF8',
    `pwt cannot work in ${path}: a folder in this path has a name that is not UTF-8, and Node cannot name it.`,
    {
      hint: 'If it is only a folder of the repository, go up: cd "$(git rev-parse --show-toplevel)". Otherwise rename it (mv), then in the repository: git worktree repair',
      data: { path },
    },
  );
}
