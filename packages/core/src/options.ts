import type { Permission } from './launcher.js';

/** What the scheduler does with two tasks that only *possibly* touch the same path. */
export type SeparationPolicy = 'strict' | 'balanced' | 'eager';

/** What happens when an agent changed more than its task claimed. `strict` holds the task for a human. */
export type AuditPolicy = 'observe' | 'warn' | 'strict';

/**
 * How a run behaves. Recorded with the run, so that `resume` goes on in the same way. All of it is said by the program
 * that starts the run: the defaults are those of the settings that it is configured by.
 */
export interface RunOptions {
  /** Agents that may run at the same time. */
  readonly maxInstances: number;
  /** Whether integrated work moves the target branch. */
  readonly autoMerge: boolean;
  readonly permission: Permission;
  readonly timeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly separation: SeparationPolicy;
  readonly audit: AuditPolicy;
  /** Paths that any task may change without claiming them; patterns of the scope dialect. */
  readonly alwaysAllowed: readonly string[];
  /** No further agent starts while the machine is busier than this (0–100); one may always run. */
  readonly maxCpuPercent: number;
  readonly maxMemoryPercent: number;
  /** No further agent starts with less free disk than this. */
  readonly minDiskBytes: number;
}
