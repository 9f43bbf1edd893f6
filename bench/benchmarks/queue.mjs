import { columns } from './queue/columns.mjs';
import { ours } from './queue/ours.mjs';
import { simulate } from './queue/simulate.mjs';
import { createWorld } from './queue/world.mjs';

const RATES = [0.01, 0.02, 0.06, 0.12, 0.28];
const SLOTS = [1, 2, 4, 8];

/**
 * How long it takes until all of 32 tasks are decided, in units of a gate's time, beside other ways to test and land.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const queue = {
  name: 'queue',
  async run({ rounds = 50 }) {
    /** @type {Record<string, (options: {slots: number, reds: number}) => import('./queue/simulate.mjs').Policy>} */
    const policies = { pwt: ours, ...columns };
    const rows = SLOTS.flatMap((slots) =>
      RATES.map((rate) => {
        const times = Object.entries(policies).map(([name, make]) => [
          name,
          averageTime(() => make({ slots, reds: 4 }), { slots, rate, rounds }),
        ]);
        return { slots, rate, ...Object.fromEntries(times) };
      }),
    );
    const names = Object.keys(policies).map((name) => [name, 'ratio']);
    return [
      {
        title: 'Time until all are decided',
        columns: { slots: 'count', rate: 'percent', ...Object.fromEntries(names) },
        rows,
      },
    ];
  },
};

/**
 * @param {() => import('./queue/simulate.mjs').Policy} make
 * @param {{slots: number, rate: number, rounds: number}} options
 */
function averageTime(make, { slots, rate, rounds }) {
  let sum = 0;
  for (let seed = 1; seed <= rounds; seed += 1) {
    sum += simulate(make(), createWorld({ seed: seed * 7919, rate }), slots).time;
  }
  return sum / rounds;
}
