import type { RepositoryObserver } from '@pwt/core';
import { GitRepositoryObserver } from '@pwt/repository';
import type { Project } from '../../project/project.js';

/** The built-in observer: looks at the user's checkout with git. @param runsDir where runs keep their files */
export function makeObserver({ git, repository }: Project, runsDir: string): RepositoryObserver {
  return new GitRepositoryObserver({ git, commonDir: repository.commonDir, runsDir });
}
