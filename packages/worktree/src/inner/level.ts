import { type InnerLevel, readGitDir } from '@pwt/git';
import type { ProviderContext } from '../context.js';

/**
 * Where the submodules of the project are: in the git directory that all worktrees share, and in that of the
 * checkout from which pwt works, if that is a linked worktree itself.
 */
export async function innerLevel(
  { git, commonDir }: Pick<ProviderContext, 'git' | 'commonDir'>,
  worktree: InnerLevel['worktree'],
): Promise<InnerLevel> {
  const own = await readGitDir(git);
  return { keepers: own === commonDir ? [commonDir] : [commonDir, own], checkout: git.cwd, worktree };
}
