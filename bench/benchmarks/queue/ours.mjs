import { LandingQueue } from '@pwt/coordinator';

/**
 * The queue of pwt, as a policy.
 *
 * @param {{slots: number, prior?: import('@pwt/coordinator').QueuePrior | undefined}} options
 * @returns {import('./simulate.mjs').Policy}
 */
export function ours({ slots, prior }) {
  const queue = new LandingQueue({ tip: '0', slots, ...(prior ? { prior } : {}) });
  /** @type {Map<string, readonly string[]>} */
  const tips = new Map([['0', []]]);
  /** @type {string[]} */
  const landed = [];
  const rejected = new Set();
  const probes = new Map();
  const tests = new Map();

  const apply = (/** @type {readonly import('@pwt/coordinator').Decision[]} */ decisions) => {
    for (const decision of decisions) {
      if (decision.kind === 'reject') rejected.add(decision.taskId);
      if (decision.kind !== 'integrate') continue;
      const tip = `${tips.size}`;
      landed.push(...decision.taskIds);
      tips.set(tip, [...landed]);
      apply(queue.integrated(decision.probe, tip));
    }
  };
  apply(queue.tipJudged([]));
  return {
    landed,
    rejected,
    add(taskId, expected) {
      queue.add({ taskId });
      queue.expected = expected;
    },
    next() {
      const probe = queue.next();
      if (!probe) return undefined;
      const sequence = [...(tips.get(probe.tip) ?? []), ...probe.members];
      const test = { sequence, again: probe.purpose === 'confirm' };
      probes.set(test, probe);
      tests.set(probe.id, test);
      return test;
    },
    judged(test, red) {
      apply(queue.judged(probes.get(test), red ? ['gate'] : []));
    },
    obsolete: () => queue.obsolete().map(({ id }) => tests.get(id)),
    stopped(test) {
      apply(queue.givenUp(probes.get(test)));
    },
  };
}
