import { type ChosenLanding, PwtError, type RunState, type StartedRun } from '@pwt/core';
import { integratedInOrder } from './integrated-order.js';

/**
 * What lands if a person chooses these tasks: they, and the tasks that they depend on and that have not landed.
 *
 * @throws PwtError `PWT_TASK_UNKNOWN`; `PWT_TASK_NOT_READY` for one whose work is not tested, or has landed
 */
function choose(run: StartedRun, asked: readonly string[]): ChosenLanding {
  requireReady(run, asked);
  const chosen = new Set<string>();
  const add = (id: string): void => {
    const task = run.tasks.get(id);
    // What the run does not have counts as done, and so does what has landed.
    if (task === undefined || task.outcome === 'landed' || chosen.has(id)) return;
    chosen.add(id);
    for (const needed of task.task.dependsOn) add(needed);
  };
  for (const id of asked) add(id);
  requireReady(run, [...chosen]);
  const taskIds = integratedInOrder(run)
    .map(({ task }) => task.id)
    .filter((id) => chosen.has(id));
  return { taskIds, asked: taskIds.filter((id) => asked.includes(id)) };
}

/** {@link choose}, of a run as its log has it. */
export function chooseOf(run: RunState, asked: readonly string[]): ChosenLanding {
  if (run.status === 'empty') throw new Error(`run ${run.runId} has not started`);
  return choose(run, asked);
}

/**
 * Checks that a person can decide on the work of these tasks.
 *
 * @throws PwtError `PWT_TASK_UNKNOWN`, `PWT_TASK_NOT_READY`
 */
export function requireReady(
  { runId, tasks }: Pick<RunState, 'runId' | 'tasks'>,
  ids: readonly string[],
): void {
  for (const id of ids) {
    const task = tasks.get(id);
    if (task === undefined) {
      throw new PwtError('PWT_TASK_UNKNOWN', `Task ${id} is not part of run ${runId}.`, {
        hint: `Its tasks are: ${[...tasks.keys()].slice(0, 20).join(', ')}.`,
      });
    }
    if (task.outcome === 'integrated') continue;
    const ready = [...tasks.values()].flatMap((other) =>
      other.outcome === 'integrated' ? [other.task.id] : [],
    );
    const how = task.outcome === 'landed' ? 'has landed' : `is ${task.outcome ?? 'not finished'}`;
    throw new PwtError(
      'PWT_TASK_NOT_READY',
      `Task ${id} ${how}: there is no tested work of it to decide on.`,
      {
        hint: ready.length === 0 ? 'No task of this run is ready.' : `Ready are: ${ready.join(', ')}.`,
        data: { taskId: id, ready },
      },
    );
  }
}
