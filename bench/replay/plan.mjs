import { unknownScopeClaim } from '@pwt/core';
import { planSchedule } from '@pwt/planner';
import { createRiskLookup } from '@pwt/risk';
import { escapePath } from '@pwt/scope';
import { seededRandom } from '../lib/random.mjs';
import { readTasks } from './evidence.mjs';

/** How long a task takes is not known: the planner takes all to be alike. */
const ESTIMATE_MS = 600_000;

/**
 * @typedef {object} Plan What the scheduler gets to see of the tasks of a corpus.
 * @property {readonly SchedulableTask[]} tasks
 * @property {readonly string[]} order
 * @property {import('@pwt/risk').RiskLookup} risk
 *
 * @typedef {object} SchedulableTask
 * @property {string} id
 * @property {readonly import('@pwt/core').Claim[]} claims
 * @property {boolean} unknownScope
 * @property {readonly string[]} dependsOn
 * @property {number} priority
 * @property {number} estimateMs
 */

/**
 * Plans a corpus from its texts alone.
 *
 * @param {import('./corpus.mjs').Corpus} corpus
 * @returns {Plan}
 */
export function planFromText(corpus) {
  const known = readTasks(corpus);
  return {
    ...schedulable(known.map(({ scope }) => scope)),
    risk: createRiskLookup(known.map(({ evidence }) => evidence)),
  };
}

/**
 * Plans a corpus in which the texts of some tasks name no file: nothing is known of what they change.
 *
 * @param {import('./corpus.mjs').Corpus} corpus
 * @param {{hidden: number, unknownScope: 'alone' | 'together'}} options `hidden`: the fraction of such tasks, the same tasks
 *   each time
 * @returns {Plan}
 */
export function planWithHidden(corpus, { hidden, unknownScope }) {
  const known = readTasks(corpus);
  const { below } = seededRandom(1);
  const read = known.map(({ scope, evidence }) => {
    if (below(1000) >= 1000 * hidden) return { scope, evidence };
    const { taskId } = scope;
    const none = { taskId, claims: [], unknownScope: false };
    const claims = unknownScope === 'alone' ? [unknownScopeClaim()] : [];
    return {
      scope: { taskId, claims, unknownScope: unknownScope === 'alone' },
      evidence: { ...none, files: new Map() },
    };
  });
  return {
    ...schedulable(read.map(({ scope }) => scope)),
    risk: createRiskLookup(read.map(({ evidence }) => evidence)),
  };
}

/**
 * The plan with perfect knowledge of what each task will change.
 *
 * @param {import('./corpus.mjs').Corpus} corpus
 * @returns {Omit<Plan, 'risk'>}
 */
export function planFromTruth({ tasks }) {
  const claims = tasks.map(({ id, changed }) => ({
    taskId: id,
    unknownScope: false,
    claims: [...changed].map(
      (path) =>
        /** @type {const} */ ({
          pattern: escapePath(path),
          mode: 'write',
          class: 'exclusive',
          confidence: 'declared',
          rule: 'truth',
        }),
    ),
  }));
  return schedulable(claims);
}

/**
 * @param {readonly import('@pwt/core').TaskClaims[]} claims
 * @returns {Omit<Plan, 'risk'>}
 */
function schedulable(claims) {
  const tasks = claims.map(({ taskId }) => ({
    id: taskId,
    title: taskId,
    specs: [],
    dependsOn: [],
    estimateMs: ESTIMATE_MS,
  }));
  const { order } = planSchedule({ tasks, claims, maxInstances: 1, separation: 'strict' });
  return {
    order,
    tasks: claims.map(({ taskId, claims: own, unknownScope }) => ({
      id: taskId,
      claims: own,
      unknownScope,
      dependsOn: [],
      priority: 0,
      estimateMs: ESTIMATE_MS,
    })),
  };
}
