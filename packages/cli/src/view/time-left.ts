import { occupiesSlot, openQuestion, type RunState, type TaskState } from '@pwt/core';
import { schedulableTasks, simulate } from '@pwt/planner/schedule';

/** How long a run still takes. */
export interface TimeLeft {
  readonly ms: number;
  /** Some agent works longer than expected, or waits for an answer: nobody knows for how long. */
  readonly isOverdue: boolean;
  /** It rests on what the specs state, and nothing has shown how that turns out. */
  readonly isStated: boolean;
}

/** With so many measured tasks, their median says something about the others. */
const ENOUGH = 3;

/**
 * How long the tasks that are left take, if each takes as long as in earlier runs, as it states, or as the other ones do.
 * Played with the scheduler of a run. `undefined` where too little is known. Pure.
 */
export function timeLeft(state: RunState, now: number): TimeLeft | undefined {
  if (state.status !== 'running') return undefined;
  const all = [...state.tasks.values()];
  const measured = measuredMs(state, all);
  const isKnown = (task: TaskState) => measured.has(task.task.id) || isStated(task);
  const working = all.filter(occupiesSlot);
  const waiting = state.stopping === undefined ? all.filter(({ phase }) => phase === 'waiting') : [];
  const left = [...working, ...waiting];
  const known = left.filter(isKnown).length;
  if (left.length === 0 || (2 * known < left.length && measured.size < ENOUGH)) return undefined;
  const expected = expectedMs(all, measured);
  const remaining = new Map(
    left.map((task) => {
      const since = task.launchedAt ?? task.dispatchedAt;
      const worked = task.phase === 'waiting' || since === undefined ? 0 : now - since;
      return [task.task.id, (expected.get(task.task.id) ?? 0) - worked] as const;
    }),
  );
  const timeline = simulate({
    tasks: schedulable(left).map((task) => ({
      ...task,
      estimateMs: Math.max(0, remaining.get(task.id) ?? 0),
    })),
    order: left.map(({ task }) => task.id),
    maxInstances: state.options.maxInstances,
    separation: state.options.separation,
  });
  const ms = timeline.reduce((last, { endMs }) => Math.max(last, endMs), 0) + gateMs(all);
  return {
    ms,
    isOverdue: [...remaining.values()].some((one) => one < 0) || left.some((task) => openQuestion(task)),
    isStated:
      restsOnSpecs(left, measured) && !all.some((task) => isStated(task) && measured.has(task.task.id)),
  };
}

const isStated = ({ task }: TaskState) => (task.estimateMs ?? 0) > 0;

function restsOnSpecs(left: readonly TaskState[], measured: Map<string, number>): boolean {
  return measured.size === 0 || left.some((task) => isStated(task) && !measured.has(task.task.id));
}

/** In earlier runs, and in this one. */
function measuredMs({ expectedMs = {} }: RunState, tasks: readonly TaskState[]): Map<string, number> {
  const measured = new Map(Object.entries(expectedMs));
  for (const { task, outcome, figures } of tasks) {
    const hasWorked = outcome === 'integrated' || outcome === 'landed';
    if (hasWorked && figures.agentMs !== undefined) measured.set(task.id, figures.agentMs);
  }
  return measured;
}

function expectedMs(tasks: readonly TaskState[], measured: Map<string, number>): Map<string, number> {
  return new Map(schedulable(tasks, measured).map(({ id, estimateMs }) => [id, estimateMs]));
}

function schedulable(tasks: readonly TaskState[], measured?: Map<string, number>) {
  return schedulableTasks(
    tasks.map(({ task }) => task),
    tasks.map(({ task, claims, unknownScope }) => ({ taskId: task.id, claims, unknownScope })),
    measured,
  );
}

/** What comes after the last agent: the longest that a gate took. */
function gateMs(tasks: readonly TaskState[]): number {
  return tasks.reduce((most, { figures }) => Math.max(most, figures.gateMs ?? 0), 0);
}

/** `about 12 min left`; empty where nothing can be said. Pure. */
export function timeLeftText(left: TimeLeft | undefined): string {
  if (left === undefined) return '';
  const minutes = left.ms / 60_000;
  // The last agent works longer than expected: it may end now or in an hour.
  if (left.isOverdue && minutes < 1) return '';
  const amount = left.isOverdue ? 'at least' : 'about';
  const by = left.isStated ? " by the tasks' own estimates" : '';
  return `${minutes < 1 ? 'under a minute' : `${amount} ${roughly(minutes)}`} left${by}`;
}

/** To the minute below ten, to five minutes below an hour, to ten minutes above. */
function roughly(minutes: number): string {
  if (minutes < 10) return `${Math.round(minutes)} min`;
  if (minutes < 57.5) return `${Math.round(minutes / 5) * 5} min`;
  const tens = Math.round(minutes / 10);
  const rest = (tens % 6) * 10;
  return `${Math.floor(tens / 6)} h${rest === 0 ? '' : ` ${rest} min`}`;
}
