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
  /** How many times faster than one by one the run would be. */
  readonly speedup: number;
}

/** What a hot files costs. */
export interface PathCost {
  readonly hot: HotFileGroup;
  /** The summed estimates of its tasks: so long they take, one after the other. */
  readonly loadMs: number;
  /** Played through without it; absent where nobody waits for it, or where that would have taken too long. */
  readonly gain?: Gain;
}

/** One change of the specs, on top of the advice before it. */
export interface Advice {
  /** `split`: these tasks leave these paths to others. `name-files`: their specs say which files they change. */
  readonly kind: 'split' | 'name-files';
  /** Empty for `name-files`. */
  readonly paths: readonly string[];
  /** Whose specs to change. */
  readonly tasks: readonly string[];
  /** The tasks to which the paths are left, because that costs no time. */
  readonly keptBy: readonly string[];
  /** Where the specs say what is to be changed. */
  readonly places: readonly { readonly taskId: string; readonly pattern: string; readonly place?: Place }[];
  readonly before: Pick<Gain, 'makespanMs' | 'speedup'>;
  readonly after: Gain;
}

export interface PlanAdvice {
  /** The most expensive first: by what giving them up would save, then by their load. */
  readonly costs: readonly PathCost[];
  /** What to change to gain most, in this order; each step counts with those before it. */
  readonly steps: readonly Advice[];
  /** What more agents would do to the specs as they are; absent where it is nothing. */
  readonly moreInstances?: Gain & { readonly maxInstances: number };
}

export interface AdviseRequest {
  readonly plan: Pick<Plan, 'tasks' | 'claims' | 'table' | 'schedule'>;
  readonly hot: readonly HotFileGroup[];
  readonly maxInstances: number;
  readonly separation: SeparationPolicy;
}

/** How many changes are tried for the first, the second and the third step; each costs some milliseconds. */
const TRIALS: readonly number[] = [6, 3, 3];
/** In tasks and claims that simulated schedulers look at; a fraction of a second. */
const MOST_WORK = 60_000;

/** The part of a run that has to be gained before it is worth anybody's while to change specs. */
const LEAST_GAIN = 0.01;

type Prediction = Pick<SchedulePlan, 'predicted' | 'timeline'>;
type Play = (claims: readonly TaskClaims[], maxInstances?: number) => Prediction;

interface Candidate {
  readonly kind: Advice['kind'];
  readonly hot?: HotFileGroup;
  readonly givenUp: readonly GivenUp[];
  readonly apply: (claims: readonly TaskClaims[]) => readonly TaskClaims[];
}

/**
 * What the hot files of a plan cost, and which changes of the specs would make the run shortest. Pure.
 *
 * Every figure comes from playing the run through again with the real scheduler, without the claims in
 * question: a best case, since the work itself has to go somewhere. Only the heaviest paths are tried, and only
 * those for which a task waits; the paths of some thousand tasks are ranked by load alone.
 */
export function advisePlan(request: AdviseRequest): PlanAdvice {
  const { plan, hot, maxInstances, separation } = request;
  const loads = loadsOf(plan.schedule, hot);
  if (!isAffordable(plan.claims)) return { costs: loads, steps: [] };
  const { claims } = plan;
  const play = player(plan, separation, maxInstances);
  const candidates = [...nameFiles(claims), ...loads.map((load) => splitCandidate(load.hot))];
  const { gains, steps } = bestSteps(plan.schedule, claims, candidates, play);
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

/** Plays a run through with other claims. A change leaves most tasks alone: their claims are looked up once. */
function player(
  { tasks, claims, table }: AdviseRequest['plan'],
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
    const withNodes = schedulableTasks(tasks, changed).map((task) => ({ ...task, nodes: nodesOf(task.id) }));
    return predictSchedule({ tasks: withNodes, maxInstances: instances, separation, table });
  };
}

function loadsOf({ timeline }: SchedulePlan, hot: readonly HotFileGroup[]): readonly PathCost[] {
  const estimates = new Map(timeline.map(({ taskId, startMs, endMs }) => [taskId, endMs - startMs]));
  return hot
    .map((entry) => ({ hot: entry, loadMs: sum(entry.tasks.map((id) => estimates.get(id) ?? 0)) }))
    .sort((a, b) => b.loadMs - a.loadMs);
}

/** Takes the change that gains most, and again with it made. */
function bestSteps(
  planned: SchedulePlan,
  plannedClaims: readonly TaskClaims[],
  candidates: readonly Candidate[],
  play: Play,
): { readonly gains: ReadonlyMap<HotFileGroup | undefined, Gain>; readonly steps: readonly Advice[] } {
  const gains = new Map<HotFileGroup | undefined, Gain>();
  const steps: Advice[] = [];
  let schedule: Prediction = planned;
  let claims = plannedClaims;
  let open = candidates;
  for (const trials of TRIALS) {
    const before = schedule;
    const base = claims;
    const tried = open
      .filter(({ hot }) => !hot || hasWaiters(hot, before))
      .slice(0, trials)
      .map((candidate) => {
        const changed = candidate.apply(base);
        const played = play(changed);
        return { candidate, changed, played, after: gainOf(before, played) };
      })
      .sort((a, b) => b.after.savedMs - a.after.savedMs);
    if (steps.length === 0) for (const { candidate, after } of tried) gains.set(candidate.hot, after);
    const [best] = tried;
    if (!best || best.after.savedMs <= LEAST_GAIN * before.predicted.makespanMs) break;
    steps.push(adviceOf(best.candidate, before, best.after));
    claims = best.changed;
    schedule = best.played;
    open = open.filter((candidate) => candidate !== best.candidate);
  }
  return { gains, steps };
}

/**
 * Whether a task starts the moment another one gives the path free. Where none does, nobody waits for it: what
 * the run would gain without it is chance, from another order of equals.
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

function adviceOf({ kind, hot, givenUp }: Candidate, before: Prediction, after: Gain): Advice {
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

function splitCandidate(hot: HotFileGroup): Candidate {
  const givenUp = claimsToGiveUp(hot);
  return { kind: 'split', hot, givenUp, apply: (claims) => withoutClaims(claims, hot, givenUp) };
}

function nameFiles(claims: readonly TaskClaims[]): readonly Candidate[] {
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

/** Whether a run of these tasks can be played through as often as there are trials. */
function isAffordable(claims: readonly TaskClaims[]): boolean {
  const work = claims.length + sum(claims.map(({ claims: own }) => own.length));
  return work * sum(TRIALS) <= MOST_WORK;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
