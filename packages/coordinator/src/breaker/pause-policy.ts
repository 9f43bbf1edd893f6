import type { AgentFailure } from '@pwt/core';

/** An hour: what a person who has put it right may have to wait. A longer pause is only taken where the agent names it. */
const LONGEST_MS = 3_600_000;
/** Quotas are given by the hour, the day and the week. A time that is further away is a mistake. */
const FURTHEST_MS = 8 * 24 * 3_600_000;
/** The agent's clock and this one may differ. */
const MARGIN_MS = 2000;
/** A login does not come back by itself: after so many pauses a person has to put it right. */
const LOGIN_PAUSES = 2;

const FIRST_MS = 30_000;

export interface PauseRequest {
  readonly failure: AgentFailure;
  /** How many times in a row the agent is paused, with this one. */
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** @default 30 seconds */
  readonly firstMs?: number | undefined;
}

/**
 * When an agent that is paused is tried again: at the time that it names, or after a pause that doubles each time; `undefined`
 * if it is not tried again by itself. A time that is past or absurd counts as none. Pure.
 */
export function pausedUntil({ failure, count, now, firstMs = FIRST_MS }: PauseRequest): number | undefined {
  const grown = now + growingMs(count, firstMs);
  const named = timeNamed(failure, now);
  // It was tried at a time that it had named before, in vain: what it says is not all.
  if (named !== undefined) return count > 1 ? Math.max(named, now + growingMs(count - 1, firstMs)) : named;
  return failure.kind === 'auth' && count > LOGIN_PAUSES ? undefined : grown;
}

function growingMs(count: number, firstMs: number): number {
  return Math.min(firstMs * 2 ** Math.min(count - 1, 30), Math.max(firstMs, LONGEST_MS));
}

function timeNamed({ retryAt }: AgentFailure, now: number): number | undefined {
  if (retryAt === undefined || !(retryAt > now) || retryAt - now > FURTHEST_MS) return undefined;
  return Math.ceil(retryAt) + MARGIN_MS;
}
