import type { ClaimNode } from '@pwt/claims';
import { defined, type Place, type SeparationPolicy, type TaskClaims } from '@pwt/core';
import type { Plan } from '../plan.js';
import { predictSchedule, type SchedulePlan, schedulableTasks } from '../schedule/plan-schedule.js';
import { claimsToGiveUp, type GivenUp, withoutClaims, withoutUnknownScopes } from './give-up-claims.js';
import type { HotFileGroup } from './hot-files.js';

/** What a change of the specs would do to the predicted run. */
export interface Gain {
  /** How much earlier the run would end; 0 where nothing is gained. */
  readonly savedMs: number;
  readonly makespanMs: number;
  /** The time of all tasks one after the other, divided by {@link makespanMs}. */
  readonly speedup: number;
}

/** What a group of hot files costs. */
export interface PathCost {
  readonly hot: HotFileGroup;
  /** The estimates of its tasks added up: the time that they take one after the other. */
  readonly loadMs: number;
  /** The run without these claims; absent where no task waits for them, and where the plan is too large to simulate. */
  readonly gain?: Gain;
}

/** One change of the specs, in addition to the advice before it. */
export interface Advice {
  /** `split`: these tasks no longer change these paths. `name-files`: the specs of these tasks name the files that they change. */
  readonly kind: 'split' | 'name-files';
  /** Empty for `name-files`. */
  readonly paths: readonly string[];
  /** The tasks whose specs to change. */
  readonly tasks: readonly string[];
  /** The tasks that go on changing the paths. */
  readonly keptBy: readonly string[];
  /** The places in the specs to change. */
  readonly places: readonly { readonly taskId: string; readonly pattern: string; readonly place?: Place }[];
  readonly before: Pick<Gain, 'makespanMs' | 'speedup'>;
  readonly after: Gain;
}

export interface PlanAdvice {
  /** The most expensive first: by the time that a run without them saves, then by load. */
  readonly costs: readonly PathCost[];
  /** The changes that gain most, in this order; the figures of each include those before it. */
  readonly steps: readonly Advice[];
  /** What twice as many agents gain without a change of the specs; absent if that is nothing. */
  readonly moreInstances?: Gain & { readonly maxInstances: number };
}

export interface AdviseRequest {
  readonly plan: Pick<Plan, 'tasks' | 'claims' | 'measured' | 'table' | 'schedule'>;
  readonly hot: readonly HotFileGroup[];
  readonly maxInstances: number;
  readonly separation: SeparationPolicy;
}

/** How many changes are tried for the first, the second and the third step. Each trial takes some milliseconds. */
const TRIAL_COUNTS: readonly number[] = [6, 3, 3];
/** Tasks and claims in all trials together; more are not simulated. A fraction of a second. */
const MOST_WORK = 60_000;

/** The least part of a run's time for which a change of the specs is advised. */
const LEAST_GAIN = 0.01;

type Prediction = Pick<SchedulePlan, 'predicted' | 'timeline'>;
type Play = (claims: readonly TaskClaims[], maxInstances?: number) => Prediction;

/** A change of the specs that is tried. */
interface Trial {
  readonly kind: Advice['kind'];
  readonly hot?: HotFileGroup;
  readonly givenUp: readonly GivenUp[];
  readonly apply: (claims: readonly TaskClaims[]) => readonly TaskClaims[];
}

/**
 * What the hot files of a plan cost, and which changes of the specs make the run shortest. Pure.
 *
 * Every figure comes from a simulated run with the real scheduler, without the claims in question. That is a best case:
 * another task may have to do that work. Only the paths of the highest load are tried, and only those for which a task
 * waits. In plans of more than some thousand tasks none is tried, and paths are ranked by load alone.
 */
export function advisePlan(request: AdviseRequest): PlanAdvice {
  const { plan, hot, maxInstances, separation } = request;
  const loads = loadsOf(plan.schedule, hot);
  if (!isAffordable(plan.claims)) return { costs: loads, steps: [] };
  const { claims } = plan;
  const play = player(plan, separation, maxInstances);
  const trials = [...nameFiles(claims), ...loads.map((load) => splitTrial(load.hot))];
  const { gains, steps } = bestSteps(plan.schedule, claims, trials, play);
  const costs = loads.map((load): PathCost => {
    const gain = gains.get(load.hot);
    return gain === undefined ? load : { ...load, gain };
  });
  const more =
    plan.schedule.bound.by === 'slots' ? moreInstances(plan.schedule, play, claims, maxInstances) : undefined;
  return {
    costs: costs.sort((a, b) => (b.gain?.savedMs ?? 0) - (a.gain?.savedMs ?? 0)),
    steps,
    ...defined({ moreInstances: more }),
  };
}

/** Simulates a run with other claims. Most tasks keep theirs: those are already in the table. */
function player(
  { tasks, claims, table, measured }: AdviseRequest['plan'],
  separation: SeparationPolicy,
  maxInstances: number,
): Play {
  const planned = new Map(claims.map((entry) => [entry.taskId, entry]));
  return (changed, instances = maxInstances) => {
    const byTask = new Map(changed.map((entry) => [entry.taskId, entry]));
    const nodesOf = (taskId: string): readonly ClaimNode[] => {
      const entry = byTask.get(taskId);
      return entry === planned.get(taskId) ? table.nodesOf(taskId) : table.nodesFor(entry?.claims ?? []);
    };
    const withNodes = schedulableTasks(tasks, changed, measured).map((task) => ({
      ...task,
      nodes: nodesOf(task.id),
    }));
    return predictSchedule({ tasks: withNodes, maxInstances: instances, separation, measured, table });
  };
}

function loadsOf({ timeline }: SchedulePlan, hot: readonly HotFileGroup[]): readonly PathCost[] {
  const estimates = new Map(timeline.map(({ taskId, startMs, endMs }) => [taskId, endMs - startMs]));
  return hot
    .map((entry) => ({ hot: entry, loadMs: sum(entry.tasks.map((id) => estimates.get(id) ?? 0)) }))
    .sort((a, b) => b.loadMs - a.loadMs);
}

/** Finds the change that gains most, then the next one on top of it. */
function bestSteps(
  planned: SchedulePlan,
  plannedClaims: readonly TaskClaims[],
  trials: readonly Trial[],
  play: Play,
): { readonly gains: ReadonlyMap<HotFileGroup | undefined, Gain>; readonly steps: readonly Advice[] } {
  const gains = new Map<HotFileGroup | undefined, Gain>();
  const steps: Advice[] = [];
  let schedule: Prediction = planned;
  let claims = plannedClaims;
  let open = trials;
  for (const most of TRIAL_COUNTS) {
    const before = schedule;
    const base = claims;
    const tried = open
      .filter(({ hot }) => !hot || hasWaiters(hot, before))
      .slice(0, most)
      .map((trial) => {
        const changed = trial.apply(base);
        const played = play(changed);
        return { trial, changed, played, after: gainOf(before, played) };
      })
      .sort((a, b) => b.after.savedMs - a.after.savedMs);
    if (steps.length === 0) for (const { trial, after } of tried) gains.set(trial.hot, after);
    const [best] = tried;
    if (!best || best.after.savedMs <= LEAST_GAIN * before.predicted.makespanMs) break;
    steps.push(adviceOf(best.trial, before, best.after));
    claims = best.changed;
    schedule = best.played;
    open = open.filter((trial) => trial !== best.trial);
  }
  return { gains, steps };
}

/**
 * Whether some task starts at the moment when another one releases the path. If none does, no task waits for it, and a
 * gain in the simulation would only come from another order of equal tasks.
 */
function hasWaiters({ tasks }: HotFileGroup, { timeline }: Prediction): boolean {
  const among = new Set(tasks);
  const bars = timeline.filter(({ taskId }) => among.has(taskId));
  const ends = new Set(bars.map(({ endMs }) => endMs));
  return bars.some(({ startMs }) => ends.has(startMs));
}

function gainOf({ predicted: before }: Prediction, { predicted: after }: Prediction): Gain {
  const savedMs = Math.max(0, before.makespanMs - after.makespanMs);
  return { savedMs, makespanMs: after.makespanMs, speedup: after.speedup };
}

function adviceOf({ kind, hot, givenUp }: Trial, before: Prediction, after: Gain): Advice {
  const tasks = [...new Set(givenUp.map(({ taskId }) => taskId))];
  const { makespanMs, speedup } = before.predicted;
  return {
    kind,
    paths: hot ? [hot.path, ...hot.others] : [],
    tasks,
    keptBy: hot?.tasks.filter((id) => !tasks.includes(id)) ?? [],
    places: givenUp.map(({ taskId, claim: { pattern, place } }) => ({
      taskId,
      pattern,
      ...defined({ place }),
    })),
    before: { makespanMs, speedup },
    after,
  };
}

function splitTrial(hot: HotFileGroup): Trial {
  const givenUp = claimsToGiveUp(hot);
  return { kind: 'split', hot, givenUp, apply: (claims) => withoutClaims(claims, hot, givenUp) };
}

function nameFiles(claims: readonly TaskClaims[]): readonly Trial[] {
  const givenUp = claims.flatMap(({ taskId, unknownScope, claims: own }) =>
    unknownScope ? own.filter(({ mode }) => mode !== 'read').map((claim) => ({ taskId, claim })) : [],
  );
  return givenUp.length === 0 ? [] : [{ kind: 'name-files', givenUp, apply: withoutUnknownScopes }];
}

function moreInstances(
  schedule: SchedulePlan,
  play: Play,
  claims: readonly TaskClaims[],
  maxInstances: number,
): PlanAdvice['moreInstances'] {
  const doubled = maxInstances * 2;
  const gain = gainOf(schedule, play(claims, doubled));
  return gain.savedMs === 0 ? undefined : { maxInstances: doubled, ...gain };
}

/** Whether all trials together stay within {@link MOST_WORK}. */
function isAffordable(claims: readonly TaskClaims[]): boolean {
  const work = claims.length + sum(claims.map(({ claims: own }) => own.length));
  return work * sum(TRIAL_COUNTS) <= MOST_WORK;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
