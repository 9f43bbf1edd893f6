import { setTimeout as delay } from 'node:timers/promises';
import { isPwtError } from '@pwt/core';
import { isTransientFailure } from './failure.js';

const RETRY_FOR_MS = 10_000;
const FIRST_DELAY_MS = 10;
const LONGEST_DELAY_MS = 400;

export interface RetryOptions {
  /** How long to go on trying. @default 10 seconds */
  readonly retryForMs?: number;
  /** Waits between two attempts; replaced in tests. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/**
 * Repeats an action while it fails because another process holds one of git's lock files, or is just adding a
 * worktree.
 *
 * The delay doubles from 10 to 400 ms, with jitter so that rivals do not stay in step. When the time is up,
 * the last failure is thrown as it is.
 */
export async function retryWhileLocked<T>(action: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { retryForMs = RETRY_FOR_MS, wait = delay } = options;
  const deadline = Date.now() + retryForMs;
  for (let pause = FIRST_DELAY_MS; ; pause = Math.min(pause * 2, LONGEST_DELAY_MS)) {
    try {
      return await action();
    } catch (error) {
      if (!isTransient(error) || Date.now() >= deadline) throw error;
      await wait(pause * (0.5 + Math.random()));
    }
  }
}

function isTransient(error: unknown): boolean {
  return isPwtError(error) && isTransientFailure(String(error.data?.stderr ?? ''));
}

/** Runs actions with the same key one after another, in the order of the calls. */
export class KeyedMutex {
  readonly #last = new Map<string, Promise<unknown>>();

  async run<T>(key: string, action: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const turn = before.then(action, action);
    this.#last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    }
  }
}
