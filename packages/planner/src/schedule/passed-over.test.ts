import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PassedOver } from './passed-over.js';

it('says who was passed over so often, as counting one by one does', () => {
  const step = fc.record({
    kind: fc.constantFrom('begin', 'end', 'pass', 'pass', 'pass'),
    rank: fc.nat({ max: 19 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(step, { maxLength: 80 }), (ranks, steps) => {
      const limits = [1, 3, 8];
      const counters = limits.map((limit) => new PassedOver(ranks, limit));
      const counts = new Map<number, number>();
      for (const { kind, rank: any } of steps) {
        const rank = any % ranks;
        if (kind === 'begin') {
          for (const one of counters) one.begin(rank);
          counts.set(rank, 0);
        } else if (kind === 'end') {
          for (const one of counters) one.end(rank);
          counts.delete(rank);
        } else {
          for (const one of counters) one.started(rank);
          for (const [other, count] of counts) if (other < rank) counts.set(other, count + 1);
        }
        for (const [at, limit] of limits.entries()) {
          const expected = [...counts].filter(([, count]) => count >= limit).map(([other]) => other);
          expect(counters[at]?.first()).toBe(expected.length === 0 ? undefined : Math.min(...expected));
        }
      }
    }),
    { seed: 20261126, numRuns: 500 },
  );
});

it('names no task where none waits', () => {
  expect(new PassedOver(0, 1).first()).toBeUndefined();
});
