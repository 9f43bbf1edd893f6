import type { ClaimNode } from '@pwt/claims';
import type { Claim, Task } from '@pwt/core';

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

/** How long agents were seen to work, in milliseconds by the id of their task; tasks of which nothing is known are not in it. */
export type MeasuredTimes = ReadonlyMap<string, number>;

/** The estimate of a task if no task states one. */
const FALLBACK_ESTIMATE_MS: number = 10 * 60 * 1000;

/** The estimate for tasks that state none: the median of those that do. */
function typicalEstimateMs(estimates: readonly (number | undefined)[]): number {
  const known = estimates.filter((value): value is number => value !== undefined && value > 0);
  return known.length === 0 ? FALLBACK_ESTIMATE_MS : middle(known);
}

/**
 * How long each task is expected to take: as measured in earlier runs; else as it states; else the median of the others.
 * People estimate their own time, so stated times are scaled by how the measured ones compare with what those tasks state.
 */
export function expectedTimesMs(
  tasks: readonly Pick<Task, 'id' | 'estimateMs'>[],
  measured: MeasuredTimes = new Map(),
): readonly number[] {
  const ratios = tasks.flatMap(({ id, estimateMs = 0 }) => {
    const ms = measured.get(id);
    return ms === undefined || estimateMs <= 0 ? [] : [ms / estimateMs];
  });
  const scale = ratios.length === 0 ? 1 : middle(ratios);
  const known = tasks.map(
    ({ id, estimateMs }) => measured.get(id) ?? (estimateMs === undefined ? undefined : estimateMs * scale),
  );
  const typicalMs = typicalEstimateMs(known);
  return known.map((ms) => ms ?? typicalMs);
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
