import { setTimeout as delay } from 'node:timers/promises';
import { isPwtError } from '@pwt/core';
import { isTransientFailure } from './failure.js';
import type { Recovery } from './recovery/recovery.js';

const RETRY_FOR_MS = 10_000;
const FIRST_DELAY_MS = 10;
const LONGEST_DELAY_MS = 400;

export interface RetryOptions {
  /** How long to go on trying. @default 10 seconds */
  readonly retryForMs?: number;
  /** Removes the locks of dead git processes. @default none: they are waited for like any others */
  readonly recovery?: Pick<Recovery, 'recover'> | undefined;
  /** Waits between two attempts; replaced in tests. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** How often a command that was killed is repeated. */
export const KILLED_TIMES = 3;

/**
 * True if a git command, or another git that it had started, was ended with KILL: by the system that ran out of
 * memory, or by a user.
 */
export function wasKilled(error: unknown): boolean {
  return (
    isPwtError(error) && (error.data?.signal === 'SIGKILL' || /died of signal 9$/m.test(stderrOf(error)))
  );
}

/**
 * Repeats an action while it fails because another process holds one of git's lock files, or is just adding a
 * worktree, or because its git was killed: the action must be idempotent.
 *
 * The delay doubles from 10 to 400 ms, with jitter so that waiting processes do not stay in step. Before each wait, what dead
 * git processes have left is removed. When the time is up, the last failure is thrown unchanged.
 */
export async function retryWhileLocked<T>(action: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { retryForMs = RETRY_FOR_MS, wait = delay, recovery } = options;
  const deadline = Date.now() + retryForMs;
  let kills = 0;
  for (let pause = FIRST_DELAY_MS; ; pause = Math.min(pause * 2, LONGEST_DELAY_MS)) {
    try {
      return await action();
    } catch (error) {
      if (wasKilled(error)) kills += 1;
      const isOver = kills > KILLED_TIMES || Date.now() >= deadline;
      if (isOver || !(wasKilled(error) || isTransient(error))) throw error;
      if (recovery !== undefined && (await recovery.recover(stderrOf(error))).length > 0) continue;
      await wait(pause * (0.5 + Math.random()));
    }
  }
}

function isTransient(error: unknown): boolean {
  return isTransientFailure(stderrOf(error));
}

function stderrOf(error: unknown): string {
  return isPwtError(error) ? String(error.data?.stderr ?? '') : '';
}
