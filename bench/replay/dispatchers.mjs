/** @typedef {import('./play.mjs').Dispatcher} Dispatcher */

/**
 * pwt's own scheduler. A task that is done again claims what it turned out to touch, as the audit has seen it.
 *
 * @param {import('./scheduler.mjs').SchedulerClass} Scheduler
 * @param {Omit<import('./plan.mjs').Plan, 'risk'> & {risk?: import('@pwt/risk').RiskLookup}} plan
 * @param {{separation: 'strict' | 'balanced' | 'eager', maxInstances: number}} options
 * @param {ReadonlyMap<string, readonly import('@pwt/core').Claim[]>} touched
 * @returns {Dispatcher}
 */
export function scheduled(Scheduler, plan, options, touched) {
  const scheduler = new Scheduler({ ...plan, ...options });
  return {
    next: () => scheduler.next(),
    started: (taskId) => scheduler.apply({ type: 'task-dispatched', taskId }),
    integrated: (taskId) => scheduler.apply({ type: 'integrated', taskId }),
    redo: (taskId) => {
      scheduler.apply({ type: 'claims-audited', taskId, grown: touched.get(taskId) ?? [] });
      scheduler.apply({ type: 'task-requeued', taskId });
    },
  };
}

/**
 * Whatever is next, as soon as an instance is free; what collided goes first.
 *
 * @param {readonly string[]} ids
 * @returns {Dispatcher}
 */
export function firstCome(ids) {
  const waiting = [...ids];
  return {
    next: () => waiting[0],
    started: (id) => void waiting.splice(waiting.indexOf(id), 1),
    integrated: () => {},
    redo: (id) => void waiting.unshift(id),
  };
}

/**
 * Waves: as many of the waiting tasks as there are instances, in order, of which no two share a path; the next wave
 * starts when the last task of this one has ended.
 *
 * @param {readonly string[]} ids
 * @param {{instances: number, share: (a: string, b: string) => boolean}} options
 * @returns {Dispatcher}
 */
export function waves(ids, { instances, share }) {
  const waiting = [...ids];
  /** @type {string[]} */
  let wave = [];
  let running = 0;
  const fill = () => {
    for (const id of waiting) {
      if (wave.length === instances) break;
      if (!wave.some((other) => share(id, other))) wave.push(id);
    }
    for (const id of wave) waiting.splice(waiting.indexOf(id), 1);
  };
  return {
    next: () => {
      if (wave.length === 0 && running === 0) fill();
      return wave[0];
    },
    started: (id) => {
      wave = wave.filter((other) => other !== id);
      running += 1;
    },
    integrated: () => {
      running -= 1;
    },
    redo: (id) => {
      running -= 1;
      waiting.unshift(id);
    },
  };
}
