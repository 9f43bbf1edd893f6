import { hasCode, holdsClaims, occupiesSlot, type TaskPhase, type TaskState } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';

/**
 * One step of a task's way. It looks at the state, acts, and appends what it did; the phase then tells
 * which step comes next. Steps are idempotent: after a crash the step of the recorded phase is run again.
 *
 * `pause` leaves the task where it is: the run is being stopped.
 */
export type Step = (context: RunContext, taskId: string) => Promise<'pause' | undefined>;

export type StepTable = Readonly<Partial<Record<TaskPhase, Step>>>;

/**
 * Runs steps for as long as the table has one for the task's phase and the task has no outcome.
 *
 * @param onFreed called after each step that has freed a slot or claims
 */
export async function runSteps(
  context: RunContext,
  taskId: string,
  steps: StepTable,
  onFreed: () => void = () => undefined,
): Promise<void> {
  for (;;) {
    const before = context.log.task(taskId);
    const step = steps[before.phase];
    if (!step || before.outcome !== undefined) return;
    if ((await outcomeOf(step, context, taskId)) === 'pause') return;
    const after = context.log.task(taskId);
    if (after === before) throw new Error(`step "${before.phase}" of task ${taskId} did nothing`);
    if (freedSomething(before, after)) onFreed();
  }
}

function freedSomething(before: TaskState, after: TaskState): boolean {
  return occupiesSlot(before) !== occupiesSlot(after) || holdsClaims(before) !== holdsClaims(after);
}

/** A plugin that gives up because the run is being stopped leaves the task where it is. */
async function outcomeOf(step: Step, context: RunContext, taskId: string): Promise<'pause' | undefined> {
  try {
    return await step(context, taskId);
  } catch (error) {
    if (context.stop.signal.aborted && hasCode(error, 'PWT_ABORTED')) return 'pause';
    throw error;
  }
}
