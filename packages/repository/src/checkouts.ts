import type { CheckoutState } from '@pwt/core';
import { type Git, listWorktrees, readGitDir, resolveCommit } from '@pwt/git';

/** The checkout at the directory of `git` first, then every other one of the target. */
export async function readCheckouts(
  git: Git,
  { commonDir, target }: { readonly commonDir: string; readonly target: string },
): Promise<CheckoutState[]> {
  const [worktrees, ownGitDir] = await Promise.all([listWorktrees(git, { commonDir }), readGitDir(git)]);
  const own = worktrees.find(({ gitDir }) => gitDir === ownGitDir);
  const others = worktrees.filter((entry) => entry !== own && entry.present && !entry.bare);
  return [
    // Said to be bare, or not on the list: it was a checkout when pwt was started in it.
    own === undefined || own.bare
      ? await askForHead(git)
      : { path: git.cwd, branch: short(own.branch), commit: own.headCommit },
    ...others
      .filter(({ branch }) => short(branch) === target)
      .map(({ path, branch, headCommit }) => ({ path, branch: short(branch), commit: headCommit })),
  ];
}

async function askForHead(git: Git): Promise<CheckoutState> {
  const [head, commit] = await Promise.all([
    git.run(['symbolic-ref', '--quiet', 'HEAD'], { okExitCodes: [0, 1] }),
    resolveCommit(git, 'HEAD'),
  ]);
  return { path: git.cwd, branch: head.exitCode === 0 ? short(head.stdout.trimEnd()) : null, commit };
}

function short(branch: string | null): string | null {
  return branch?.replace(/^refs\/heads\//, '') ?? null;
}
