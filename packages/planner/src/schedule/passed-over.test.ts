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
      const passedOver = new PassedOver(ranks);
      const counts = new Map<number, number>();
      for (const { kind, rank: any } of steps) {
        const rank = any % ranks;
        if (kind === 'begin') {
          passedOver.begin(rank);
          counts.set(rank, 0);
        } else if (kind === 'end') {
          passedOver.end(rank);
          counts.delete(rank);
        } else {
          passedOver.started(rank);
          for (const [other, count] of counts) if (other < rank) counts.set(other, count + 1);
        }
        for (const times of [0, 1, 3, 8]) {
          const expected = [...counts].filter(([, count]) => count >= times).map(([other]) => other);
          expect(passedOver.firstOf(times)).toBe(expected.length === 0 ? undefined : Math.min(...expected));
        }
      }
    }),
    { seed: 20261126, numRuns: 500 },
  );
});

it('names no task where none waits', () => {
  expect(new PassedOver(0).firstOf(0)).toBeUndefined();
});
