import { hasCode, holdsClaims, type OpenPhase, occupiesSlot, type TaskIn, type TaskState } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';

/**
 * The step of a phase. It gets the task in that phase, acts, and appends what it did; the new phase tells which step is
 * next. Steps are idempotent: after a crash the step of the recorded phase runs again.
 *
 * `pause` leaves the task in its phase: the run is being stopped, or what comes next is decided elsewhere.
 */
export type Step<P extends OpenPhase> = (
  context: RunContext,
  task: TaskIn<P>,
) => Promise<'pause' | undefined>;

/** Phases whose steps run at the same time as those of other tasks. */
export type AgentPhase = 'dispatched' | 'prepared' | 'launching' | 'running' | 'exited';

/** The phases after those: their steps run for one task at a time, because they move the integration ref. */
export type JoinPhase = Exclude<OpenPhase, 'waiting' | AgentPhase>;

/** A step for each of these phases. A step that is missing, or that takes another phase, does not compile. */
export type StepTable<P extends OpenPhase> = { readonly [K in P]: Step<K> };

/**
 * Runs steps for as long as the table has one for the task's phase.
 *
 * @param onFreed called after each step that has freed a slot or claims
 */
export async function runSteps<P extends OpenPhase>(
  context: RunContext,
  taskId: string,
  steps: StepTable<P>,
  onFreed: () => void = () => undefined,
): Promise<void> {
  for (;;) {
    const before = context.log.task(taskId);
    if (!hasStep(steps, before)) return;
    const step: Step<P> = steps[before.phase];
    if ((await resultOf(step, context, before)) === 'pause') return;
    const after = context.log.task(taskId);
    if (after === before) throw new Error(`step "${before.phase}" of task ${taskId} did nothing`);
    if (freedSomething(before, after)) onFreed();
  }
}

/** If a part gives up because the run is being stopped, the task stays in its phase. */
async function resultOf<P extends OpenPhase>(
  step: Step<P>,
  context: RunContext,
  task: TaskIn<P>,
): Promise<'pause' | undefined> {
  try {
    return await step(context, task);
  } catch (error) {
    if (context.stop.signal.aborted && hasCode(error, 'PWT_ABORTED')) return 'pause';
    throw error;
  }
}

function hasStep<P extends OpenPhase>(
  steps: StepTable<P>,
  task: TaskState,
): task is TaskIn<P> & { readonly phase: P } {
  return task.phase in steps;
}

function freedSomething(before: TaskState, after: TaskState): boolean {
  return occupiesSlot(before) !== occupiesSlot(after) || holdsClaims(before) !== holdsClaims(after);
}
