import { occupiesSlot, type RunState, type TaskState } from '@pwt/core';
import { count } from '../format/units.js';
import { testedText } from './gate-text.js';

/** So many tasks are named; the rest is counted. */
const NAMED = 8;

/** True when nothing is left to start: what the run still does is its end. */
export function isEnding({ tasks, status }: RunState): boolean {
  return (
    status === 'running' &&
    tasks.size > 0 &&
    [...tasks.values()].every(({ outcome }) => outcome !== undefined)
  );
}

/** What a run that starts nothing more is still doing, as one line. Pure. */
export function endingText(state: RunState): string {
  const tasks = [...state.tasks.values()];
  const open = tasks.filter(({ outcome }) => outcome === undefined);
  const working = open.filter(occupiesSlot);
  const gated = new Set(state.gating.flatMap(({ taskIds }) => taskIds));
  const joining = open.filter(({ phase, task }) => phase !== 'waiting' && !gated.has(task.id));
  const rest = joining.filter((task) => !working.includes(task));
  const landed = tasks.filter(({ outcome, workspace }) => outcome === 'landed' && workspace !== undefined);
  const gone = landed.filter(({ workspaceGone }) => workspaceGone === true);
  const doing = [
    ...(working.length > 0 ? [`waiting for ${count(working.length, 'agent')}: ${listed(working)}`] : []),
    ...state.gating.map((gate) => `the gate tests ${testedText(gate)}`),
    ...(rest.length > 0 ? [`joining the work of ${listed(rest)}`] : []),
    ...(state.joining === undefined ? [] : [`joining what has come to ${state.target ?? 'the target'}`]),
    ...(state.landing === undefined ? [] : [`landing on ${state.target ?? 'the target'}`]),
    ...(gone.length < landed.length ? [`removing worktrees: ${gone.length} of ${landed.length}`] : []),
  ];
  return doing.length === 0 ? 'cleaning up' : doing.join('; ');
}

function listed(tasks: readonly TaskState[]): string {
  const ids = tasks.slice(0, NAMED).map(({ task }) => task.id);
  const rest = tasks.length - ids.length;
  return `${ids.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
