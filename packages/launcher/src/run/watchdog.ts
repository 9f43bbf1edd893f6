import { stat } from 'node:fs/promises';
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
  /** The files whose growth is a sign of life. */
  readonly logs: readonly string[];
  readonly onExpired: (reason: StopReason) => unknown;
}

/** Node fires a longer timer at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Watches the time limits of one agent.
 *
 * Both limits come from facts that outlive this program: the recorded start, and the time at which a log was
 * last written to. So there is nothing to poll between two deadlines, and an agent that is found again after
 * a crash keeps its limits. Time that the machine slept counts.
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
    const { clock, startedAt, timeoutMs, idleTimeoutMs, onExpired } = this.#options;
    const lastOutputAt = idleTimeoutMs > 0 ? await this.#lastOutputAt() : startedAt;
    if (!this.#active) return;
    const total = timeoutMs > 0 ? startedAt + timeoutMs : Number.POSITIVE_INFINITY;
    const idle = idleTimeoutMs > 0 ? lastOutputAt + idleTimeoutMs : Number.POSITIVE_INFINITY;
    const leftMs = Math.min(total, idle) - clock.now();
    if (leftMs > 0) {
      this.#cancel = clock.after(Math.min(Math.ceil(leftMs), MAX_TIMER_MS), () => void this.#check());
      return;
    }
    this.#active = false;
    onExpired(total <= idle ? 'timed-out' : 'idle-timed-out');
  }

  async #lastOutputAt(): Promise<number> {
    const times = await Promise.all(this.#options.logs.map(modifiedAt));
    return Math.max(this.#options.startedAt, ...times);
  }
}

/** A log that is not there has shown no sign of life. */
function modifiedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
