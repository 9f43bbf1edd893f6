import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BranchCheckout } from './checkouts.js';

/** How long a lock of another git process is waited for. */
export interface LockWait {
  readonly lockWaitMs: number;
}

const LOOK_EVERY_MS = 50;

/**
 * The lock files that stop a landing, after waiting for them to go.
 *
 * An editor's `git status` holds `index.lock` for an instant, a dead git for ever: only time tells them apart.
 */
export async function waitForLocks(
  commonDir: string,
  ref: string,
  checkouts: readonly BranchCheckout[],
  { lockWaitMs }: LockWait,
): Promise<string[]> {
  const locks = [
    join(commonDir, `${ref}.lock`),
    join(commonDir, 'packed-refs.lock'),
    ...checkouts.flatMap(({ gitDir }) => [join(gitDir, 'index.lock'), join(gitDir, 'HEAD.lock')]),
  ];
  const deadline = Date.now() + lockWaitMs;
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
