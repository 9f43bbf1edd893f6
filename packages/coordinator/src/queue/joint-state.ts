/** An integration tip with finished tasks joined to it, in this order. Without members it is the tip itself, the *base*. */
export interface JointState {
  /** The commit that the members are joined to. */
  readonly tip: string;
  /** Ids of tasks. */
  readonly members: readonly string[];
}

/**
 * Why a joint state is tested: `join` to integrate it; `search` to find out which of several tasks makes it red;
 * `confirm` to see a red again, or not; `partner` to find the task without which another one is green; `base` to learn
 * what is red without any task.
 */
export type ProbePurpose = 'join' | 'search' | 'confirm' | 'partner' | 'base';

/** A joint state that a gate is to run on. */
export interface Probe extends JointState {
  /** Unique within a queue; counts from 1. */
  readonly id: number;
  readonly purpose: ProbePurpose;
}

export type Decision =
  /**
   * The gate let the probe through: the tip moves there, without another merge, and `taskIds` are integrated by that. They
   * are the last members of the probe: those before are integrated by now. Carried out in the order of the decisions.
   */
  | { readonly kind: 'integrate'; readonly probe: Probe; readonly taskIds: readonly string[] }
  /**
   * The task is at fault: `green` is a tested state without it, `red` the same state with it, and the red was seen again.
   * The last time was on `probe`; `failing` are the commands that were red there and count. If the task is only red together
   * with another one, that one is the `partner`.
   */
  | {
      readonly kind: 'reject';
      readonly taskId: string;
      readonly green: JointState;
      readonly red: JointState;
      readonly probe: Probe;
      readonly failing: readonly string[];
      readonly partner?: string;
    }
  /** The state of the probe was red and green. It counts as green. */
  | { readonly kind: 'flake'; readonly probe: Probe }
  /** These commands of the gate are red without any task. From now on they count for nothing. */
  | { readonly kind: 'base-red'; readonly failing: readonly string[] };
