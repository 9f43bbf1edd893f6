import { join } from 'node:path';
import { PwtError, shellQuote } from '@pwt/core';
import type { Repository } from './discovery.js';
import type { HiddenWorktree } from './hidden-worktree.js';

/** A repository with a working tree. */
export type RepositoryWithWorktree = Repository & { readonly topLevel: string };

/**
 * Narrows to a repository with a working tree around the directory.
 *
 * @throws PWT_BARE_REPOSITORY
 */
export function requireWorktree(repository: Repository): RepositoryWithWorktree {
  if (repository.hidden !== undefined) throw hiddenWorktree(repository.hidden);
  if (repository.topLevel !== null) return { ...repository, topLevel: repository.topLevel };
  throw new PwtError('PWT_BARE_REPOSITORY', `${repository.gitDir} has no working tree here.`, {
    hint: 'Go to a checkout of it, or make one: git worktree add <path> <branch>',
    data: { gitDir: repository.gitDir, bare: repository.bare },
  });
}

function hiddenWorktree({ path, key, gitDir }: HiddenWorktree): PwtError {
  const config = `git config --file ${shellQuote(join(gitDir, 'config'))}`;
  const back = key === 'core.bare' ? `${config} core.bare false` : `${config} --unset-all core.worktree`;
  const says =
    key === 'core.bare' ? 'has no working tree' : 'has its working tree in a place that does not exist';
  return new PwtError('PWT_BARE_REPOSITORY', `${key} says that ${path} ${says}.`, {
    hint: `Put it back: ${back}`,
    data: { path, key, gitDir },
  });
}

/**
 * The commit checked out.
 *
 * @throws PWT_NO_COMMITS
 */
export function requireHeadCommit(repository: Repository): string {
  if (repository.headCommit !== null) return repository.headCommit;
  throw new PwtError(
    'PWT_NO_COMMITS',
    `There is no commit yet in ${repository.topLevel ?? repository.gitDir}.`,
    {
      hint: 'Make the first one: git add . && git commit -m "Start"',
      data: { headBranch: repository.headBranch },
    },
  );
}

/**
 * The full name of the branch checked out.
 *
 * @throws PWT_DETACHED_HEAD
 */
export function requireHeadBranch(repository: Repository): string {
  if (repository.headBranch !== null) return repository.headBranch;
  throw new PwtError('PWT_DETACHED_HEAD', 'HEAD is detached: no branch is checked out.', {
    hint: 'Check a branch out (git switch <branch>), or name the branch to work on.',
    data: { headCommit: repository.headCommit },
  });
}
