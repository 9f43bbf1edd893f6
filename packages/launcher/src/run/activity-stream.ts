import { type AgentActivity, defined } from '@pwt/core';
import type { Dialect } from '../dialects/dialect.js';
import { FileWatch } from './file-watch.js';
import { LogFollower } from './log-follower.js';
import type { UsageMeter } from './usage-meter.js';

/** How often the log of an agent that goes on writing is looked at. */
const INTERVAL_MS = 250;

/**
 * What an agent does, from its log, until it has ended and all of the log is read; then `closing`.
 *
 * Every fact (a session's id, usage, an error) is passed on. Of the rest (messages, tools, output), only the latest
 * before each fact and at the end of each read of the log: a person can't read more, and an agent that prints 10,000
 * lines a second does not flood the listeners. Whatever is passed on has the total of what was used.
 * The log of a silent agent is watched, not read.
 */
export async function* activityStream(options: {
  readonly log: string;
  readonly dialect: Dialect;
  readonly meter: UsageMeter;
  /** Resolves when the agent has ended, with what is to be said at the end. */
  readonly closing: Promise<readonly AgentActivity[]>;
}): AsyncGenerator<AgentActivity> {
  const follower = new LogFollower(options.log);
  const thinner = new Thinner(options.dialect, options.meter);
  const file = new FileWatch(options.log);
  let closing: readonly AgentActivity[] | undefined;
  void options.closing.then((activities) => {
    closing = activities;
    file.end();
  });
  try {
    for (;;) {
      // Known before the log is read: then the log is complete.
      const ending = closing;
      let hasGrown = false;
      for await (const lines of follower.batches()) {
        hasGrown = true;
        yield* thinner.take(lines);
      }
      if (ending) yield* thinner.take(follower.rest());
      yield* thinner.held();
      if (ending) {
        yield* ending;
        return;
      }
      if (hasGrown) await file.pause(INTERVAL_MS);
      else if (file.isArmed) await file.changed();
      else file.arm();
    }
  } finally {
    file.end();
  }
}

/** Lets every fact through, and of what comes between two facts the last. */
class Thinner {
  readonly #dialect: Dialect;
  readonly #meter: UsageMeter;
  #held: AgentActivity | undefined;

  constructor(dialect: Dialect, meter: UsageMeter) {
    this.#dialect = dialect;
    this.#meter = meter;
  }

  *take(lines: readonly string[]): Generator<AgentActivity> {
    for (const line of lines) {
      const { activity, used } = this.#dialect(line) ?? {};
      if (used) this.#meter.take(used);
      if (activity === undefined) continue;
      if (isFact(activity)) yield* this.held();
      this.#held = activity;
      if (isFact(activity)) yield* this.held();
    }
  }

  *held(): Generator<AgentActivity> {
    if (this.#held === undefined) return;
    yield { ...this.#held, ...defined({ total: this.#meter.total }) };
    this.#held = undefined;
  }
}

function isFact({ kind, sessionId }: AgentActivity): boolean {
  return kind === 'usage' || kind === 'error' || sessionId !== undefined;
}
