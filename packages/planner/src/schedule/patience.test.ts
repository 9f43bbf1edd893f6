import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Patience } from './patience.js';

it('says who was passed over so often, as counting one by one does', () => {
  const step = fc.record({
    kind: fc.constantFrom('begin', 'end', 'pass', 'pass', 'pass'),
    rank: fc.nat({ max: 19 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(step, { maxLength: 80 }), (ranks, steps) => {
      const patience = new Patience(ranks);
      const counts = new Map<number, number>();
      for (const { kind, rank: any } of steps) {
        const rank = any % ranks;
        if (kind === 'begin') {
          patience.begin(rank);
          counts.set(rank, 0);
        } else if (kind === 'end') {
          patience.end(rank);
          counts.delete(rank);
        } else {
          patience.passOver(rank);
          for (const [other, count] of counts) if (other < rank) counts.set(other, count + 1);
        }
        for (const times of [0, 1, 3, 8]) {
          const expected = [...counts].filter(([, count]) => count >= times).map(([other]) => other);
          expect(patience.firstPassedOver(times)).toBe(
            expected.length === 0 ? undefined : Math.min(...expected),
          );
        }
      }
    }),
    { seed: 20261126, numRuns: 500 },
  );
});

it('has nobody to name where nobody waits', () => {
  expect(new Patience(0).firstPassedOver(0)).toBeUndefined();
});
