import type { ClaimTable } from '@pwt/claims';
import type { SeparationPolicy } from '@pwt/core';
import type { SchedulableTask } from './schedulable.js';
import { Scheduler } from './scheduler.js';

/** The predicted start and end of a task, in milliseconds from the start of the run. */
export interface TimelineEntry {
  readonly taskId: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface SimulateRequest {
  readonly tasks: readonly SchedulableTask[];
  readonly order: readonly string[];
  readonly maxInstances: number;
  readonly separation: SeparationPolicy;
  readonly table?: ClaimTable;
}

/** Simulates a run with the real scheduler, as if every task took exactly its estimate. */
export function simulate(request: SimulateRequest): readonly TimelineEntry[] {
  const scheduler = new Scheduler(request);
  const estimates = new Map(request.tasks.map((task) => [task.id, task.estimateMs]));
  const timeline: TimelineEntry[] = [];
  const running: TimelineEntry[] = [];
  let now = 0;
  for (;;) {
    while (running.length < request.maxInstances) {
      const taskId = scheduler.next();
      if (taskId === undefined) break;
      scheduler.apply({ type: 'task-dispatched', taskId });
      const entry = { taskId, startMs: now, endMs: now + (estimates.get(taskId) ?? 0) };
      timeline.push(entry);
      running.push(entry);
    }
    const ended = running.reduce<TimelineEntry | undefined>(
      (first, entry) => (first && first.endMs <= entry.endMs ? first : entry),
      undefined,
    );
    if (!ended) return timeline;
    running.splice(running.indexOf(ended), 1);
    now = ended.endMs;
    scheduler.apply({ type: 'integrated', taskId: ended.taskId });
  }
}
