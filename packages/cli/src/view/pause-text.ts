import type { AgentFailure } from '@pwt/core';
import { oneLine } from '../format/text.js';

interface Paused {
  /** Empty where a launcher has one agent without a name. */
  readonly agent: string;
  readonly failure: AgentFailure;
  readonly until?: number;
}

/** An agent with which nothing starts, such as `claude is paused until 18:05 (quota: usage limit reached)`. Pure. */
export function pauseText({ agent, failure, until }: Paused): string {
  const name = agent === '' ? 'the agent' : agent;
  const end = until === undefined ? 'until you have put that right' : `until ${timeText(until)}`;
  return `${oneLine(name)} is paused ${end} (${failure.kind}: ${oneLine(failure.message)})`;
}

/** A time as people read it, by the clock on the wall: with the day where that is another one. */
export function timeText(at: number, now: number = Date.now()): string {
  const time = new Date(at);
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  if (time.toDateString() === new Date(now).toDateString()) return clock;
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${clock}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
