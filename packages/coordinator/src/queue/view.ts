import type { Estimate } from './estimate.js';
import type { Evidence } from './evidence.js';
import type { Probe } from './joint-state.js';
import type { Line } from './line.js';
import type { TaskBits, TaskSet } from './task-set.js';

/** A finished task that is neither integrated nor rejected. */
export interface OpenTask {
  readonly taskId: string;
  /** Tasks whose claims or changes meet its own: of two tasks that meet, one is likelier to break the other. */
  readonly meets: ReadonlySet<string>;
  /** The tip that its work started from. */
  readonly base: string | undefined;
}

/** A probe that was handed out and has no verdict. */
export interface Run {
  readonly probe: Probe;
  readonly sequence: readonly string[];
  readonly tasks: TaskSet;
}

/** What there is to decide by. */
export interface View {
  readonly bits: TaskBits;
  readonly line: Line;
  readonly evidence: Evidence;
  readonly estimate: Estimate;
  /** In the order in which they finished, without those that can't be merged at the moment. */
  readonly open: readonly OpenTask[];
  /** Those included that can't be merged. */
  readonly undecided: TaskSet;
  readonly running: readonly Run[];
  /** The gate gave no verdict on the tip, and no task has come since then. */
  readonly isBaseSilent: boolean;
  /** Whether this can't be joined, with nothing in it that is still to be decided. */
  isRefused(sequence: readonly string[]): boolean;
  readonly slots: number;
}

/** A state to test. */
export interface Candidate {
  readonly sequence: readonly string[];
  readonly purpose: Probe['purpose'];
}
