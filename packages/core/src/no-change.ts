import { defined } from './defined.js';
import type { RunOptions } from './options.js';
import type { TaskIn, TaskState } from './task-state.js';
import type { LandedAs } from './workspace.js';

/**
 * Why a task whose agent has ended well may be done without a change: its agent states that none is needed, or it only checks
 * something. `undefined`: leaving nothing is a failure.
 */
export function whyNoChange({ task, exit }: TaskState): string | undefined {
  return exit?.noChange ?? (task.verification ? CHECKED : undefined);
}

const CHECKED = 'it only checks something, and its agent ended well';

/** The note of an agent that has stated that nothing has to be changed, and has changed something all the same. */
export function noteOf({ exit, noChange, changes = [] }: TaskState): string | undefined {
  return noChange === undefined && changes.length > 0 ? exit?.noChange : undefined;
}

/** True if a task is integrated by a commit of its own; false if it needed none. */
export function hasOwnCommit({ onto, integratedAs }: TaskIn<'integrated'>): boolean {
  return onto !== integratedAs;
}

/** As what the work of an integrated task is on the target once that has landed: without a commit of its own, as what it began from. */
export function landedAs(
  task: TaskIn<'integrated'>,
  { markDone = false }: Pick<RunOptions, 'markDone'>,
): LandedAs {
  const { commit, over, base, integratedAs } = task;
  const as = hasOwnCommit(task) || over !== undefined ? integratedAs : base;
  const marked = markDone ? task.task.specs.map(({ path }) => path) : undefined;
  return { commit, as, ...defined({ over, marked }) };
}

/** What people are told of a task that is done without a change, in one way everywhere. */
export function noChangeText(why: string): string {
  return `no change needed: ${why}`;
}
