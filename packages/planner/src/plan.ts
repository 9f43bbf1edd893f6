import type { ClaimTable } from '@pwt/claims';
import type { CommitId, Diagnostic, Task, TaskClaims, TrackedPaths } from '@pwt/core';
import type { SchedulePlan } from './schedule/plan-schedule.js';
import type { MeasuredTimes } from './schedule/schedulable.js';

/** The tasks, their claims, and the order in which they would run. */
export interface Plan {
  /** The target, without `refs/heads/`. */
  readonly target: string;
  /** The commit that the plan is made for: the target's tip. */
  readonly base: CommitId;
  /** The tracked paths of that commit. */
  readonly tree: TrackedPaths;
  readonly tasks: readonly Task[];
  /** One entry per task, in the same order. */
  readonly claims: readonly TaskClaims[];
  /** How long agents took in earlier runs, for the tasks of which that is known. */
  readonly measured?: MeasuredTimes | undefined;
  /** The table of {@link claims}, which schedule, analysis and advice share. */
  readonly table: ClaimTable;
  readonly schedule: SchedulePlan;
  readonly diagnostics: readonly Diagnostic[];
}
