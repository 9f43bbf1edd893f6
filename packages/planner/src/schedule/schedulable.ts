import type { ClaimNode } from '@pwt/claims';
import type { Claim } from '@pwt/core';

/** A task, as the scheduler needs it. */
export interface SchedulableTask {
  readonly id: string;
  readonly claims: readonly Claim[];
  /** The nodes of the claims in the scheduler's table, if the caller has them. @default looked up */
  readonly nodes?: readonly ClaimNode[];
  readonly unknownScope: boolean;
  readonly dependsOn: readonly string[];
  readonly priority: number;
  readonly estimateMs: number;
}

/** The estimate of a task if no task states one. */
const FALLBACK_ESTIMATE_MS: number = 10 * 60 * 1000;

/** The estimate for tasks that state none: the median of those that do. */
export function typicalEstimateMs(estimates: Iterable<number | undefined>): number {
  const known = [...estimates].filter((value): value is number => value !== undefined && value > 0);
  known.sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)] ?? FALLBACK_ESTIMATE_MS;
}
