import { setTimeout as delay } from 'node:timers/promises';
import type { AgentActivity } from '@pwt/core';
import type { Dialect } from '../dialects/dialect.js';
import { LogFollower } from './log-follower.js';

/** How often a running agent's log is looked at. */
const POLL_MS = 250;

/**
 * What an agent does, from its log, until it has ended and all of the log is read; then `closing`.
 *
 * Of what merely passes by (messages, tools, output) the latest of each look is told: a person can't read
 * more, and an agent that prints 10,000 lines a second floods nobody. Facts (a session's id, usage, errors)
 * are told each.
 */
export async function* activityStream(options: {
  readonly log: string;
  readonly dialect: Dialect;
  /** Resolves when the agent has ended, with what is to be said at the end. */
  readonly closing: Promise<readonly AgentActivity[]>;
}): AsyncGenerator<AgentActivity> {
  const follower = new LogFollower(options.log);
  const closing = options.closing.then((activities) => ({ activities }));
  for (;;) {
    const ended = await Promise.race([closing, delay(POLL_MS, undefined, { ref: false })]);
    let passing: AgentActivity | undefined;
    for await (const batch of follower.batches()) {
      const { facts, last } = digest(batch, options.dialect);
      if (facts.length > 0) yield* facts;
      passing = last ?? passing;
    }
    if (ended) {
      const { facts, last } = digest(follower.rest(), options.dialect);
      yield* facts;
      passing = last ?? passing;
    }
    if (passing) yield passing;
    if (!ended) continue;
    yield* ended.activities;
    return;
  }
}

function digest(
  lines: readonly string[],
  dialect: Dialect,
): { facts: AgentActivity[]; last?: AgentActivity | undefined } {
  const facts: AgentActivity[] = [];
  let last: AgentActivity | undefined;
  for (const line of lines) {
    const activity = dialect(line)?.activity;
    if (activity === undefined) continue;
    if (isFact(activity)) facts.push(activity);
    else last = activity;
  }
  return { facts, last };
}

function isFact({ kind, sessionId }: AgentActivity): boolean {
  return kind === 'usage' || kind === 'error' || sessionId !== undefined;
}
