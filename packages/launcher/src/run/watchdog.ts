import type { Clock } from '@pwt/core';
import type { StopReason } from '../attempt/attempt-files.js';

export interface WatchdogOptions {
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** 0 means no limit. */
  readonly timeoutMs: number;
  /** 0 means no limit. */
  readonly idleTimeoutMs: number;
  /** When the agent was last seen to get on, in milliseconds since the epoch. */
  readonly lastSignAt: () => Promise<number>;
  readonly onExpired: (reason: StopReason) => unknown;
}

/** Node fires a longer timer at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How often an idle time is looked at: a sign that is followed by retries is dated this well. */
const LOOKS_PER_LIMIT = 10;

/**
 * Watches the time limits of one agent.
 *
 * Both limits come from facts that outlive this program: the recorded start, and what is in the logs. So an agent that is
 * found again after a crash keeps its limits. Time that the machine slept counts.
 */
export class Watchdog {
  readonly #options: WatchdogOptions;
  #cancel: () => void = () => undefined;
  #active = true;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    if (options.timeoutMs > 0 || options.idleTimeoutMs > 0) void this.#check();
  }

  stop(): void {
    this.#active = false;
    this.#cancel();
  }

  async #check(): Promise<void> {
    const { clock, startedAt, timeoutMs, idleTimeoutMs, lastSignAt, onExpired } = this.#options;
    const aliveAt = idleTimeoutMs > 0 ? await lastSignAt() : startedAt;
    if (!this.#active) return;
    const total = timeoutMs > 0 ? startedAt + timeoutMs : Number.POSITIVE_INFINITY;
    const idle = idleTimeoutMs > 0 ? aliveAt + idleTimeoutMs : Number.POSITIVE_INFINITY;
    const leftMs = Math.min(total, idle) - clock.now();
    if (leftMs > 0) {
      const look = idleTimeoutMs > 0 ? Math.max(1, idleTimeoutMs / LOOKS_PER_LIMIT) : MAX_TIMER_MS;
      this.#cancel = clock.after(Math.min(Math.ceil(leftMs), look, MAX_TIMER_MS), () => void this.#check());
      return;
    }
    this.#active = false;
    onExpired(total <= idle ? 'timed-out' : 'idle-timed-out');
  }
}
