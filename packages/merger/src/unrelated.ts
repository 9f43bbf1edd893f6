import type { IntegrateOutcome } from '@pwt/core';
import type { Git } from '@pwt/git';

/** The outcome for two commits that have none in common: in a shallow clone it may only be cut off. */
export async function unrelated(git: Git): Promise<IntegrateOutcome> {
  const isShallow = (await git.text(['rev-parse', '--is-shallow-repository'])) === 'true';
  const kind = isShallow ? 'no common history in this shallow clone' : 'unrelated histories';
  return { status: 'conflicted', paths: [{ path: '.', kind }] };
}
