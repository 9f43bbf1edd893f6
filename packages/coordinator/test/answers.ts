import type { Blocker } from '@pwt/core';
import type { Scheduler } from '@pwt/planner';

/** Everything that a scheduler answers: who waits, in which order and for what, and who is next. */
export function answersOf(scheduler: Pick<Scheduler, 'blockerOf' | 'next' | 'waiting'>): {
  readonly waiting: readonly (readonly [string, Blocker | undefined])[];
  readonly next: string | undefined;
} {
  const waiting = [...scheduler.waiting].map((id) => [id, scheduler.blockerOf(id)] as const);
  return { waiting, next: scheduler.next() };
}
