import type { CommitId } from '@pwt/core';
import { type Git, readRef, swapRef } from '@pwt/git';

/**
 * Sets a ref of the repository here, which keeps a commit with all that it needs.
 *
 * @param fetch gets the commit; not called if the ref is there already
 */
export async function keepRef(
  git: Git,
  ref: string,
  commit: CommitId,
  fetch: () => Promise<void> = async () => undefined,
): Promise<void> {
  const before = await readRef(git, ref);
  if (before === commit) return;
  await fetch();
  for (let oldValue = before; ; ) {
    const update = await swapRef(git, { ref, newValue: commit, oldValue });
    if (update.status === 'updated' || update.actual === commit) return;
    oldValue = update.actual;
  }
}
