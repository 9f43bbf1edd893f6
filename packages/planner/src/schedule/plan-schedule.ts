import { ClaimTable } from '@pwt/claims';
import type { SeparationPolicy, Task, TaskClaims } from '@pwt/core';
import { type LowerBound, lowerBound } from './bound.js';
import { topologicalOrder } from './graph.js';
import type { TaskWithNodes } from './load.js';
import { chainOrder, preferenceOrder } from './order.js';
import { expectedTimesMs, type MeasuredTimes, type SchedulableTask } from './schedulable.js';
import { simulate, type TimelineEntry } from './simulate.js';

export interface PlanScheduleRequest {
  readonly tasks: readonly Task[];
  /** One entry per task, in any order. */
  readonly claims: readonly TaskClaims[];
  readonly maxInstances: number;
  readonly separation: SeparationPolicy;
  /** How long agents took in earlier runs; tasks that it does not have are expected to take as long as they state. */
  readonly measured?: MeasuredTimes | undefined;
  /** A table of the same claims, so that they are not compared again. @default made from {@link claims} */
  readonly table?: ClaimTable;
}

export interface SchedulePlan {
  /** All ids, in the order in which the scheduler prefers them. */
  readonly order: readonly string[];
  readonly bound: LowerBound;
  readonly predicted: {
    /** The time of all tasks one after the other. */
    readonly sequentialMs: number;
    readonly makespanMs: number;
    /** The time one after the other, divided by the predicted time; 1 for an empty plan. */
    readonly speedup: number;
  };
  readonly timeline: readonly TimelineEntry[];
  /** Tasks that can never start: they wait, directly or indirectly, for themselves. */
  readonly cyclic: readonly string[];
}

/** Orders the tasks, predicts the time of the run, and gives a lower bound for it. Pure. */
export function planSchedule(request: PlanScheduleRequest): SchedulePlan {
  const { maxInstances, separation, measured, table = ClaimTable.of(request.claims) } = request;
  const tasks = schedulableTasks(request.tasks, request.claims, measured).map((task) => ({
    ...task,
    nodes: table.nodesOf(task.id),
  }));
  const { cyclic } = topologicalOrder(tasks);
  const bound = lowerBound(
    tasks.filter((task) => !cyclic.includes(task.id)),
    maxInstances,
  );
  return { ...predictSchedule({ tasks, maxInstances, separation, measured, table }), bound, cyclic };
}

/** With more tasks than this, playing a second order takes longer than it gains. */
const MOST_COMPARED = 300;

export interface PredictScheduleRequest extends Omit<PlanScheduleRequest, 'tasks' | 'claims'> {
  readonly tasks: readonly TaskWithNodes[];
  readonly table: ClaimTable;
}

/** Only the prediction of {@link planSchedule}, for plans that are compared. */
export function predictSchedule(
  request: PredictScheduleRequest,
): Pick<SchedulePlan, 'order' | 'predicted' | 'timeline'> {
  const { tasks, measured } = request;
  if (!measured?.size) return playOrder(request, preferenceOrder(tasks));
  const chains = playOrder(request, chainOrder(tasks));
  if (tasks.length > MOST_COMPARED) return chains;
  // With times that were measured, a prediction is good enough to choose by it.
  const plain = playOrder(request, preferenceOrder(tasks));
  return chains.predicted.makespanMs < plain.predicted.makespanMs ? chains : plain;
}

function playOrder(
  request: PredictScheduleRequest,
  order: readonly string[],
): Pick<SchedulePlan, 'order' | 'predicted' | 'timeline'> {
  const timeline = simulate({ ...request, order });
  const sequentialMs = timeline.reduce((total, entry) => total + entry.endMs - entry.startMs, 0);
  const makespanMs = timeline.reduce((last, entry) => Math.max(last, entry.endMs), 0);
  const speedup = makespanMs === 0 ? 1 : sequentialMs / makespanMs;
  return { order, timeline, predicted: { sequentialMs, makespanMs, speedup } };
}

/** Joins tasks with their claims and with the time that each is expected to take. */
export function schedulableTasks(
  tasks: readonly Task[],
  claims: readonly TaskClaims[],
  measured?: MeasuredTimes,
): readonly SchedulableTask[] {
  const byTask = new Map(claims.map((entry) => [entry.taskId, entry]));
  const expectedMs = expectedTimesMs(tasks, measured);
  return tasks.map((task, at) => ({
    id: task.id,
    claims: byTask.get(task.id)?.claims ?? [],
    unknownScope: byTask.get(task.id)?.unknownScope ?? false,
    dependsOn: task.dependsOn,
    priority: task.priority ?? 0,
    estimateMs: expectedMs[at] as number,
  }));
}
