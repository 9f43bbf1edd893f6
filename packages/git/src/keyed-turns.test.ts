import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyedTurns } from './keyed-turns.js';

const job = fc.record({ alone: fc.boolean(), ticks: fc.nat(4), fails: fc.boolean() });

it('begins in order, lets some run beside each other up to the limit, and others alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 12 }), fc.integer({ min: 1, max: 3 }), async (jobs, most) => {
      const turns = new KeyedTurns(most);
      const running = new Set<number>();
      const begun: number[] = [];
      let atOnce = 0;
      const ends = await Promise.allSettled(
        jobs.map(({ alone, ticks, fails }, index) =>
          turns[alone ? 'alone' : 'beside']('key', async () => {
            begun.push(index);
            running.add(index);
            atOnce = Math.max(atOnce, running.size);
            for (let tick = 0; tick <= ticks; tick += 1) {
              await Promise.resolve();
              if ([...running].some((other) => jobs[other]?.alone)) expect(running.size).toBe(1);
            }
            running.delete(index);
            if (fails) throw new Error('as it should');
          }),
        ),
      );
      expect(ends.map(({ status }) => status === 'rejected')).toEqual(jobs.map(({ fails }) => fails));
      expect(begun).toEqual(jobs.map((_, index) => index));
      expect(atOnce).toBeLessThanOrEqual(most);
    }),
    { seed: 23 },
  );
});

it('really runs some beside each other, and does not let keys wait for each other', async () => {
  const turns = new KeyedTurns(2);
  const seen: string[] = [];
  let open = () => {};
  const first = turns.beside('x', () => new Promise<void>((done) => (open = done)));
  const second = turns.beside('x', async () => void seen.push('beside'));
  const third = turns.alone('x', async () => void seen.push('alone'));
  await Promise.all([second, turns.alone('y', async () => void seen.push('other key'))]);
  expect(seen.sort()).toEqual(['beside', 'other key']);
  open();
  await Promise.all([first, third]);
  expect(seen).toContain('alone');
});
