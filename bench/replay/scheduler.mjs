import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} SchedulerLike What the replay needs of a scheduler.
 * @property {() => string | undefined} next
 * @property {(event: import('@pwt/planner').ScheduleEvent) => void} apply
 *
 * @typedef {new (options: {
 *   tasks: readonly import('./plan.mjs').SchedulableTask[],
 *   order: readonly string[],
 *   separation: 'strict' | 'balanced' | 'eager',
 *   maxInstances: number,
 *   risk?: import('@pwt/risk').RiskLookup,
 * }) => SchedulerLike} SchedulerClass
 */

/**
 * The scheduler of the built planner, or of another module: to
 * see what a change of it is worth before it is made.
 *
 * @param {string} [module] Path of a module that exports `Scheduler`.
 * @returns {Promise<SchedulerClass>}
 */
export async function loadScheduler(module) {
  const built = new URL('dist/schedule/scheduler.js', import.meta.resolve('@pwt/planner/package.json'));
  const { Scheduler } = await import(module ?? fileURLToPath(built));
  return Scheduler;
}
