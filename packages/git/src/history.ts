import type { Git } from './git.js';

/** The best common ancestors of two commits: none for unrelated histories, several after a criss-cross. */
export async function mergeBases(git: Git, one: string, other: string): Promise<string[]> {
  const { stdout } = await git.run(['merge-base', '--all', '--end-of-options', one, other], {
    okExitCodes: [0, 1],
  });
  return stdout.split('\n').filter((line) => line !== '');
}

/** True if `descendant` contains `ancestor`; a commit contains itself. */
export async function isAncestor(
  git: Git,
  request: { readonly ancestor: string; readonly descendant: string },
): Promise<boolean> {
  if (await git.near?.contains(request)) return true;
  const { exitCode } = await git.run(
    ['merge-base', '--is-ancestor', '--end-of-options', request.ancestor, request.descendant],
    { okExitCodes: [0, 1] },
  );
  return exitCode === 0;
}
