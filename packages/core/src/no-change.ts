import type { TaskIn, TaskState } from './task-state.js';

/**
 * Why a task whose agent has ended well may be done without a change: its agent states that none is needed, or it only checks
 * something. `undefined`: leaving nothing is a failure.
 */
export function whyNoChange({ task, exit }: TaskState): string | undefined {
  return exit?.noChange ?? (task.verification ? CHECKED : undefined);
}

const CHECKED = 'it only checks something, and its agent ended well';

/** The note of an agent that has stated that nothing has to be changed, and has changed something all the same. */
export function noteOf({ exit, noChange }: TaskState): string | undefined {
  return noChange === undefined ? exit?.noChange : undefined;
}

/** True if a task is integrated by a commit of its own; false if it needed none. */
export function hasOwnCommit({ onto, integratedAs }: TaskIn<'integrated'>): boolean {
  return onto !== integratedAs;
}

/** What people are told of a task that is done without a change, in one way everywhere. */
export function noChangeText(why: string): string {
  return `no change needed: ${why}`;
}
