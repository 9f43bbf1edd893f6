import { median } from './measure.mjs';

/** @typedef {import('@pwt/core').RunEvent} RunEvent */

/** What each event ends, in the order of a task's life. @type {readonly [RunEvent['type'], string][]} */
const ENDS = [
  ['workspace-created', 'make the worktree'],
  ['agent-launched', 'start the agent'],
  ['agent-exited', 'the agent works'],
  ['work-collected', 'collect the commit'],
  ['claims-audited', 'wait for the turn, audit'],
  ['integrated', 'merge, test, move the integration ref'],
  ['workspace-removed', 'land, remove the worktree'],
];

/**
 * Milliseconds from the first dispatch to the last integration of a run.
 *
 * @param {readonly RunEvent[]} events
 */
export function spanOf(events) {
  const dispatched = events.filter(({ type }) => type === 'task-dispatched').map(({ at }) => at);
  const integrated = events.filter(({ type }) => type === 'integrated').map(({ at }) => at);
  if (integrated.length !== dispatched.length) throw new Error('A task of the benchmark was not integrated.');
  return Math.max(...integrated) - Math.min(...dispatched);
}

/**
 * How long each phase of a task takes, as the median over all tasks of all runs: from the phase before it to the
 * event that ends it.
 *
 * @param {readonly RunEvent[]} events
 * @returns {Record<string, number>} milliseconds by phase
 */
export function phases(events) {
  /** @type {Map<string, Map<string, number>>} */
  const lives = new Map();
  for (const { runId, taskId, type, at } of events) {
    if (taskId === undefined) continue;
    const key = `${runId} ${taskId}`;
    lives.set(key, (lives.get(key) ?? new Map()).set(type, at));
  }
  return Object.fromEntries(
    ENDS.map(([type, phase], index) => {
      const before = ENDS[index - 1]?.[0] ?? 'task-dispatched';
      const times = [...lives.values()].flatMap(
        (life) => (life.get(type) ?? Number.NaN) - (life.get(before) ?? 0),
      );
      return [phase, median(times.filter((time) => !Number.isNaN(time)))];
    }),
  );
}
