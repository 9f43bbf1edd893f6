import { stat } from 'node:fs/promises';
import { LogFollower } from './log-follower.js';

/** A log whose growth is a sign of life, except for the lines that only say that something is tried again. */
export interface LifeLog {
  readonly path: string;
  readonly isSign: (line: string) => boolean;
}

export interface LifeSignsOptions {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly logs: readonly LifeLog[];
  /** The last sign before retries began, as an earlier program has kept it. */
  readonly recall: () => Promise<number | undefined>;
  /** Keeps it for a later program. */
  readonly keep: (at: number) => Promise<void>;
}

/** When an agent was last seen to get on. Looks only at what was written since the look before. */
export class LifeSigns {
  readonly #options: LifeSignsOptions;
  readonly #logs: LogSigns[];
  #lastAt: number;
  #isRetrying = false;

  constructor(options: LifeSignsOptions) {
    this.#options = options;
    this.#logs = options.logs.map((log) => new LogSigns(log));
    this.#lastAt = options.startedAt;
  }

  /** In milliseconds since the epoch. */
  async lastAt(): Promise<number> {
    const looks = await Promise.all(this.#logs.map((log) => log.look()));
    const signs = looks.flatMap(({ signAt }) => (signAt === undefined ? [] : [signAt]));
    this.#lastAt = Math.max(this.#lastAt, ...signs, (await this.#recalled(looks)) ?? 0);
    const isRetrying = looks.some(({ onlyRetries }) => onlyRetries);
    if (isRetrying && !this.#isRetrying) await this.#options.keep(this.#lastAt);
    this.#isRetrying = isRetrying || (this.#isRetrying && signs.length === 0);
    return this.#lastAt;
  }

  /** What was written before this program watched has no times of its own but the last. */
  async #recalled(looks: readonly Look[]): Promise<number | undefined> {
    return looks.some(({ isFirst, onlyRetries }) => isFirst && onlyRetries)
      ? this.#options.recall()
      : undefined;
  }
}

interface Look {
  readonly isFirst: boolean;
  readonly signAt?: number;
  /** Something was written, and none of it was a sign of life. */
  readonly onlyRetries: boolean;
}

class LogSigns {
  readonly #log: LifeLog;
  readonly #follower: LogFollower;
  #seen: { readonly mtimeMs: number; readonly size: number } = { mtimeMs: 0, size: 0 };
  #isFirst = true;

  constructor(log: LifeLog) {
    this.#log = log;
    this.#follower = new LogFollower(log.path);
  }

  async look(): Promise<Look> {
    // A log that is not there has shown no sign of life.
    const now = await stat(this.#log.path).catch(() => ({ mtimeMs: 0, size: 0 }));
    const { mtimeMs, size } = now;
    const isFirst = this.#isFirst && size > 0;
    const isWritten = size > 0 && (mtimeMs !== this.#seen.mtimeMs || size !== this.#seen.size);
    if (!isWritten) return { isFirst, onlyRetries: false };
    this.#seen = { mtimeMs, size };
    this.#isFirst = false;
    const onlyRetries = await this.#hasOnlyRetries(isFirst);
    return { isFirst, onlyRetries, ...(onlyRetries ? {} : { signAt: mtimeMs }) };
  }

  /** Of all that is there at the first look, the last line tells how it stands. */
  async #hasOnlyRetries(isFirst: boolean): Promise<boolean> {
    const { isSign } = this.#log;
    let last: string | undefined;
    let hasSign = false;
    for await (const lines of this.#follower.batches()) {
      const written = lines.filter((line) => line.trim() !== '');
      last = written.at(-1) ?? last;
      if (!isFirst) hasSign ||= written.findLast(isSign) !== undefined;
    }
    // Dots without an end of line are progress.
    if (last === undefined) return false;
    return isFirst ? !isSign(last) : !hasSign;
  }
}
