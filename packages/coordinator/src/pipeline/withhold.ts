import type { RunState, TaskState } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';
import { keepWork } from './keep-work.js';

/** Phases of a task that joins the others without its agent. */
const ON_ITS_WAY: ReadonlySet<TaskState['phase']> = new Set(['collected', 'audited', 'integrated']);

/** The tasks that finished work depends on and that are not on their way to be integrated: one was sent back to its agent. */
export function missingNeeds({ tasks }: Pick<RunState, 'tasks'>, { task }: TaskState): readonly string[] {
  return task.dependsOn.filter((id) => {
    const needed = tasks.get(id);
    return needed !== undefined && (!ON_ITS_WAY.has(needed.phase) || needed.sentBack !== undefined);
  });
}

/** Holds finished work until the tasks that it depends on are integrated again. What waits for it goes on waiting. */
export async function withhold(context: RunContext, taskId: string, needs: readonly string[]): Promise<void> {
  const message = `waits for ${needs.join(', ')}, on which it builds and which ${needs.length === 1 ? 'is' : 'are'} worked on again`;
  const failure = { kind: 'dependency', message } as const;
  await keepWork(context, taskId, 'held');
  await context.log.append({ type: 'task-finished', taskId, status: 'held', reason: message, failure });
}

/** True for finished work that is held for a task that it depends on, and for nothing else. */
export function isWithheld({ outcome, failure }: TaskState): boolean {
  return outcome === 'held' && failure?.kind === 'dependency';
}

/** Withheld tasks that may go on: all that they depend on is integrated, and nobody holds what they have claimed. */
export function releasable({ log, scheduler }: Pick<RunContext, 'log' | 'scheduler'>): readonly string[] {
  const { tasks } = log.state;
  const isIn = (id: string): boolean => {
    const needed = tasks.get(id);
    return needed === undefined || needed.outcome === 'integrated' || needed.outcome === 'landed';
  };
  const found: string[] = [];
  // Asked for again and again, in runs of very many tasks: hardly ever is there one.
  for (const state of tasks.values()) {
    if (!isWithheld(state) || !state.task.dependsOn.every(isIn)) continue;
    const { task, claims } = state;
    if (scheduler.holdersOf(claims, task.id).length === 0) found.push(task.id);
  }
  return found;
}
