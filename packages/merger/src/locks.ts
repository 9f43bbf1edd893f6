import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Recovery } from '@pwt/git';
import type { BranchCheckout } from './checkouts.js';

/** How long to wait for a lock of another git process. */
export interface LockWait {
  readonly lockWaitMs: number;
  readonly recovery: Recovery | undefined;
}

const LOOK_EVERY_MS = 50;

/**
 * The lock files that stop a landing, after waiting for them to go.
 *
 * A lock that provably belongs to a dead git of pwt's is removed. Of others only time tells: an editor's `git status`
 * holds `index.lock` for an instant, a dead git of the user's for ever.
 */
export async function waitForLocks(
  commonDir: string,
  ref: string,
  checkouts: readonly BranchCheckout[],
  { lockWaitMs, recovery }: LockWait,
): Promise<string[]> {
  const locks = [
    join(commonDir, `${ref}.lock`),
    join(commonDir, 'packed-refs.lock'),
    ...checkouts.flatMap(({ gitDir }) => [join(gitDir, 'index.lock'), join(gitDir, 'HEAD.lock')]),
  ];
  const deadline = Date.now() + lockWaitMs;
  if ((await onlyExisting(locks)).length > 0) await recovery?.recover();
  for (;;) {
    const held = await onlyExisting(locks);
    if (held.length === 0 || Date.now() >= deadline) return held;
    await delay(LOOK_EVERY_MS);
  }
}

async function onlyExisting(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return found.flat();
}
