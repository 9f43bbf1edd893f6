import { setTimeout as delay } from 'node:timers/promises';
import type { AgentActivity } from '@pwt/core';
import type { Dialect } from '../dialects/dialect.js';
import { LogFollower } from './log-follower.js';

/** How often a running agent's log is looked at. */
const POLL_MS = 250;

/**
 * What an agent does, from its log, until it has ended and all of the log is read; then `closing`.
 *
 * Every fact (a session's id, usage, an error) is passed on. Of the rest (messages, tools, output), only the latest
 * before each fact and at the end of each read of the log: a person can't read more, and an agent that prints 10,000
 * lines a second does not flood the listeners.
 */
export async function* activityStream(options: {
  readonly log: string;
  readonly dialect: Dialect;
  /** Resolves when the agent has ended, with what is to be said at the end. */
  readonly closing: Promise<readonly AgentActivity[]>;
}): AsyncGenerator<AgentActivity> {
  const follower = new LogFollower(options.log);
  const thinner = new Thinner(options.dialect);
  const closing = options.closing.then((activities) => ({ activities }));
  for (;;) {
    const ended = await Promise.race([closing, delay(POLL_MS, undefined, { ref: false })]);
    for await (const lines of follower.batches()) yield* thinner.take(lines);
    if (ended) yield* thinner.take(follower.rest());
    yield* thinner.held();
    if (!ended) continue;
    yield* ended.activities;
    return;
  }
}

/** Lets every fact through, and of what comes between two facts the last. */
class Thinner {
  readonly #dialect: Dialect;
  #held: AgentActivity | undefined;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  *take(lines: readonly string[]): Generator<AgentActivity> {
    for (const line of lines) {
      const activity = this.#dialect(line)?.activity;
      if (activity === undefined) continue;
      if (isFact(activity)) {
        yield* this.held();
        yield activity;
      } else this.#held = activity;
    }
  }

  *held(): Generator<AgentActivity> {
    if (this.#held) yield this.#held;
    this.#held = undefined;
  }
}

function isFact({ kind, sessionId }: AgentActivity): boolean {
  return kind === 'usage' || kind === 'error' || sessionId !== undefined;
}
