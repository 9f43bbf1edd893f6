import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Git } from '@pwt/git';

/** A lock counts as one of a dead git once it has stood still for a second. */
const WAIT_MS = 2000;
const LOOK_EVERY_MS = 200;

/**
 * Lets the lock on the index of a task's worktree go, if it is proven to be of a dead git: its agent has ended. For
 * what is not, the caller looks.
 */
export async function releaseDeadLock({
  git,
  gitDir,
}: {
  readonly git: Git;
  readonly gitDir: string;
}): Promise<void> {
  const { recovery } = git;
  if (recovery === undefined) return;
  const lock = join(gitDir, 'index.lock');
  const deadline = Date.now() + WAIT_MS;
  while ((await exists(lock)) && Date.now() < deadline) {
    const recovered = await recovery.recover(lock);
    if (recovered.length === 0) await delay(LOOK_EVERY_MS);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
