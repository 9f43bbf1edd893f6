import type { Estimate } from './estimate.js';
import type { Evidence } from './evidence.js';
import type { Probe } from './joint-state.js';
import type { Line } from './line.js';

/** A finished task that is neither integrated nor rejected. */
export interface OpenTask {
  readonly taskId: string;
  /** Tasks whose claims or changes meet its own: of two tasks that meet, one is likelier to break the other. */
  readonly meets: ReadonlySet<string>;
}

/** A probe that was handed out and has no verdict. */
export interface Run {
  readonly probe: Probe;
  readonly sequence: readonly string[];
}

/** What there is to decide by. */
export interface View {
  readonly line: Line;
  readonly evidence: Evidence;
  readonly estimate: Estimate;
  /** In the order in which they finished, without those that can't be merged at the moment. */
  readonly open: readonly OpenTask[];
  readonly running: readonly Run[];
  readonly slots: number;
  readonly expected: number;
}

/** A state to test. */
export interface Candidate {
  readonly sequence: readonly string[];
  readonly purpose: Probe['purpose'];
}
