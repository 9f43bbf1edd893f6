import { GitWorktreeProvider } from '@pwt/worktree';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import type { Project } from '../../project/project.js';
import { identityOf } from './identity.js';

/** The built-in provider: a linked worktree per task. */
export function makeProvider(
  project: Project,
  { worktree, branch, setup: command, setupTimeout: timeoutMs, env: environment }: ResolvedConfig,
): GitWorktreeProvider {
  const { git, repository, stateDir, env } = project;
  return new GitWorktreeProvider({
    git,
    commonDir: repository.commonDir,
    stateDir,
    env,
    worktreeTemplate: worktree,
    branchTemplate: branch,
    ...(command === undefined
      ? {}
      : {
          setup: {
            command,
            timeoutMs,
            environment: environment?.setup,
            identity: () => identityOf(project),
          },
        }),
  });
}
