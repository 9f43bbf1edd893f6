import type { PushOutcome } from '@pwt/coordinator';
import { type CommitId, PwtError, shellQuote } from '@pwt/core';
import { type Git, gitsWords } from '@pwt/git';

export interface PushRequest {
  readonly remote: string;
  /** Without `refs/heads/`. */
  readonly branch: string;
  readonly commit: CommitId;
  /** Where the branch may be there, as this run's own pushes have left it; otherwise it must not exist. */
  readonly mayReplace: readonly CommitId[];
}

/**
 * Pushes a commit as a branch, by compare-and-swap: what others have put there is not overwritten. No hook is run, and no tag
 * or submodule goes with it.
 */
export async function pushBranch(git: Git, request: PushRequest): Promise<PushOutcome> {
  const { remote, branch, commit, mayReplace } = request;
  const ref = `refs/heads/${branch}`;
  const listed = await git.run(['ls-remote', '--', remote, ref], { okExitCodes: [0, 128] });
  if (listed.exitCode !== 0) return refused(remote, listed.stderr);
  const there = listed.stdout.split(/\s/)[0] ?? '';
  if (there === commit) return { status: 'pushed' };
  if (there !== '' && !mayReplace.includes(there)) {
    return {
      status: 'refused',
      message: `${remote} has a branch ${branch} at ${there.slice(0, 12)}, which is not of this run: it is not overwritten.`,
      hint: `If nobody needs it: git push ${shellQuote(remote)} --delete ${shellQuote(branch)}`,
    };
  }
  const { exitCode, stderr } = await git.run(
    [
      ...['push', '--porcelain', '--no-follow-tags', '--no-signed', '--recurse-submodules=no'],
      ...[`--force-with-lease=${ref}:${there}`, '--', remote, `${commit}:${ref}`],
    ],
    { okExitCodes: [0, 1, 128] },
  );
  return exitCode === 0 ? { status: 'pushed' } : refused(remote, stderr);
}

/**
 * The address of a remote, without a password in it.
 *
 * @throws PwtError `PWT_REMOTE_UNKNOWN`
 */
export async function addressOf(git: Git, remote: string): Promise<string> {
  const args = ['remote', 'get-url', '--push', '--', remote];
  const { exitCode, stdout } = await git.run(args, { okExitCodes: [0, 2, 128] });
  if (exitCode === 0) return stdout.trim().replace(/^(\w+:\/\/)[^/@]*@(?=[^/]*\/)/, '$1');
  throw new PwtError('PWT_REMOTE_UNKNOWN', `There is no remote ${JSON.stringify(remote)} to push to.`, {
    hint: 'Name yours with --remote, or as "remote" in the configuration. Your remotes: git remote -v',
    data: { remote },
  });
}

function refused(remote: string, stderr: string): PushOutcome {
  return { status: 'refused', message: `${remote} does not take it: ${gitsWords(stderr)}` };
}
