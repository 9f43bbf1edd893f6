import { type Blocker, isBlockedStill } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';
import type { Hold } from './hold.js';

/** The first so many waiting tasks are near: they may be the next to start. */
const NEAR = 64;

/**
 * Records what blocks each waiting task, where that is not on record or holds no more; one event for all that wait for the
 * same. The loop does not wait for it: a slot may become free meanwhile.
 *
 * @param all what keeps all of them from starting
 */
export function explain({ log, scheduler }: Pick<RunContext, 'log' | 'scheduler'>, all?: Hold): void {
  const { explainedAt = 0, movedAt = 0 } = log.state;
  // Nothing has happened that blocks tasks, or frees them.
  if (all === undefined && explainedAt > movedAt) return;
  const groups = new Map<string, { readonly by: Blocker; readonly taskIds: string[] }>();
  let place = 0;
  for (const taskId of scheduler.waiting) {
    place += 1;
    const task = log.task(taskId);
    const known = task.blockedBy;
    const isKnown = all === undefined && known?.kind !== 'yields' && known?.kind !== 'agent';
    if (isKnown && isBlockedStill(log.state, task)) continue;
    const by = all ?? scheduler.waitsFor(taskId, place > NEAR);
    if (by === undefined || (isSame(by, known) && isBlockedStill(log.state, task))) continue;
    const key = keyOf(by);
    const group = groups.get(key);
    if (group) group.taskIds.push(taskId);
    else groups.set(key, { by, taskIds: [taskId] });
  }
  for (const { by, taskIds } of groups.values()) {
    const [taskId = '', ...also] = taskIds;
    log.note({ type: 'task-blocked', taskId, by, ...(also.length === 0 ? {} : { also }) });
  }
  if (all === undefined) log.note({ type: 'waiting-explained' });
}

function isSame(a: Blocker, b: Blocker | undefined): boolean {
  // What is used so far grows all the time.
  return a.kind === 'budget' ? b?.kind === 'budget' : b !== undefined && keyOf(a) === keyOf(b);
}

/** The same for tasks that wait for the same. */
function keyOf(by: Blocker): string {
  return JSON.stringify(by);
}
