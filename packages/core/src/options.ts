import type { RetryKind } from './attempt.js';
import type { Budget } from './budget.js';
import type { Permission } from './launcher.js';
import type { MergeStrategy } from './merger.js';

/** What the scheduler does with two tasks that only *possibly* conflict. */
export type SeparationPolicy = 'strict' | 'balanced' | 'eager';

/** What happens if an agent changed more than its task claims. `strict` holds the task. */
export type AuditPolicy = 'observe' | 'warn' | 'strict';

/**
 * How a run behaves. Recorded with the run, so that `resume` behaves the same. There are no defaults here: the program that
 * starts the run gives every option, from its settings.
 */
export interface RunOptions {
  /** Agents that may run at the same time. */
  readonly maxInstances: number;
  /** Whether integrated work moves the target branch. */
  readonly autoMerge: boolean;
  /** What the work of a task becomes on the target. */
  readonly strategy: MergeStrategy;
  readonly permission: Permission;
  readonly timeoutMs: number;
  readonly idleTimeoutMs: number;
  /**
   * What happens with an agent that prints nothing for {@link idleTimeoutMs}, and with one that ends with a question and no work.
   * `ask`: a person is asked. Absent, as in earlier versions: `stop`.
   */
  readonly onIdle?: 'ask' | 'stop';
  readonly separation: SeparationPolicy;
  readonly audit: AuditPolicy;
  /** Paths that any task may change without claiming them; patterns of the scope dialect. */
  readonly alwaysAllowed: readonly string[];
  /** How many further attempts follow by themselves on one that ended so. Absent, as in earlier versions: none. */
  readonly retries?: Readonly<Partial<Record<RetryKind, number>>>;
  /** What agents may use. Absent, as in earlier versions: as much as they want. */
  readonly budget?: Budget;
  /**
   * How long the first pause of an agent takes that does not say when it can work again, in milliseconds.
   * @default 30 seconds
   */
  readonly agentPauseMs?: number;
  /**
   * How long a run that has nothing else to do waits for a paused agent before it is interrupted, in milliseconds; 0 means no
   * limit. @default 0
   */
  readonly agentPatienceMs?: number;
  /** Tested work waits for a person, who lands or rejects it task by task. Absent, as in earlier versions: it does not. */
  readonly review?: boolean;
  /** Tasks are marked as done in the commits that land them, as their format does it. Absent, as in earlier versions: they are not. */
  readonly markDone?: boolean;
  /** Gates that may run at the same time. Absent: by the machine, and by what the gate was seen to need. */
  readonly gateSlots?: number;
  /** No further agent starts while the machine is busier than this (0–100); one may always run. */
  readonly maxCpuPercent: number;
  readonly maxMemoryPercent: number;
  /** No further agent starts with less free disk than this. */
  readonly minDiskBytes: number;
}

/** True if tested work waits for a person who lands or rejects it. */
export function isReviewed(options: Pick<RunOptions, 'review'> | undefined): boolean {
  return options?.review === true;
}

/** True if tested work moves the target without being asked for. */
export function landsByItself(options: Pick<RunOptions, 'autoMerge' | 'review'>): boolean {
  return options.autoMerge && !isReviewed(options);
}
