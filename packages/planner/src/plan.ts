import type { ClaimTable } from '@pwt/claims';
import type { CommitId, Diagnostic, Task, TaskClaims, TrackedPaths } from '@pwt/core';
import type { SchedulePlan } from './schedule/plan-schedule.js';

/** Which tasks there are, what they claim, and in which order they would run. */
export interface Plan {
  /** The branch on which the work would land, without `refs/heads/`. */
  readonly target: string;
  /** The commit that the plan is made for: the target's tip. */
  readonly base: CommitId;
  /** What is tracked at that commit. */
  readonly tree: TrackedPaths;
  readonly tasks: readonly Task[];
  /** One entry per task, in the same order. */
  readonly claims: readonly TaskClaims[];
  /** Holds {@link claims}: compared once for schedule, analysis and advice. */
  readonly table: ClaimTable;
  readonly schedule: SchedulePlan;
  readonly diagnostics: readonly Diagnostic[];
}
