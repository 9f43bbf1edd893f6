import { columns } from './queue/columns.mjs';
import { ours } from './queue/ours.mjs';
import { simulate } from './queue/simulate.mjs';
import { createWorld } from './queue/world.mjs';

/**
 * @typedef {object} Situation
 * @property {string} title
 * @property {number} flakes
 * @property {number} reds How often the other policies see a red before they reject a task for it.
 * @property {boolean} known Whether earlier runs have told how often a task is red, and a gate flaky.
 * @property {number} [spread]
 * @property {number} [pairs]
 */

/** @type {readonly Situation[]} */
const SITUATIONS = [
  { title: 'known from earlier runs, no flakes', flakes: 0, reds: 2, known: true },
  { title: 'nothing known, no flakes', flakes: 0, reds: 4, known: false },
  { title: 'nothing known, 5 % flakes', flakes: 0.05, reds: 4, known: false },
  { title: 'nothing known, 5 % flakes, over 16 gate times', flakes: 0.05, reds: 4, known: false, spread: 16 },
  {
    title: 'nothing known, 5 % flakes, 30 % of the faults in pairs',
    flakes: 0.05,
    reds: 4,
    known: false,
    pairs: 0.3,
  },
];
const RATES = [0.01, 0.02, 0.06, 0.12, 0.28];
const SLOTS = [1, 2, 3, 4, 5, 6, 7, 8];
const names = Object.keys(columns);

/**
 * How long it takes until all tasks are decided, beside other ways to test and land. A simulation: nothing depends on the
 * machine.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const queue = {
  name: 'queue',
  async run({ rounds = 20 }) {
    return [check(rounds), ...SITUATIONS.map((situation) => compare(situation, rounds)), dozen(rounds)];
  },
};

/**
 * The other policies as they are known: no flakes, and a red is believed at once.
 *
 * @param {number} rounds
 * @returns {import('../lib/table.mjs').Table}
 */
function check(rounds) {
  const rows = [0.02, 0.06, 0.125, 0.28].map((rate) => {
    const cells = names.map((name) => {
      const { time, runs } = average(policyOf(name, 8, 1), { rate }, 8, rounds);
      return [name, `${time.toFixed(1)} / ${runs.toFixed(0)}`];
    });
    return { 'red tasks': `${Math.round(rate * 1000) / 10} %`, ...Object.fromEntries(cells) };
  });
  return {
    title: 'The other policies: 32 tasks, 8 slots, a red is believed at once',
    columns: { 'red tasks': 'text', ...textColumns(names) },
    rows,
    note: 'Time in units of a gate / gates that ran.',
  };
}

/**
 * @param {Situation} situation
 * @param {number} rounds
 * @returns {import('../lib/table.mjs').Table}
 */
function compare({ title, flakes, reds, known, spread = 0, pairs = 0 }, rounds) {
  const rows = SLOTS.flatMap((slots) =>
    RATES.map((rate) => {
      const options = { rate, flakes, spread, pairs };
      const prior = known
        ? { tasks: { decided: 200, red: 200 * rate }, gates: { green: 1_000, flaky: 1_000 * flakes } }
        : undefined;
      const pwt = average(() => ours({ slots, prior }), options, slots, rounds);
      const others = names.map((name) => average(policyOf(name, slots, reds), options, slots, rounds));
      return {
        slots,
        'red tasks': rate,
        pwt: shown(pwt),
        'beside the best': pwt.time / Math.min(...others.map(({ time }) => time)),
        'rejected in error': pwt.innocent,
        ...Object.fromEntries(names.map((name, at) => [name, shown(others[at])])),
      };
    }),
  );
  return {
    title: `32 tasks, ${title}`,
    columns: {
      slots: 'count',
      'red tasks': 'percent',
      pwt: 'text',
      'beside the best': 'ratio',
      'rejected in error': 'count',
      ...textColumns(names),
    },
    rows,
    note: `Time in units of a gate / gates that ran, ${rounds} times each. The others see a red ${reds} times before they reject a task for it.`,
  };
}

/**
 * Twelve tasks by three agents that take as long as a gate: three tasks finish at a time.
 *
 * @param {number} rounds
 * @returns {import('../lib/table.mjs').Table}
 */
function dozen(rounds) {
  const shownNames = ['one by one', 'bisecting batch'];
  const rows = [1, 2, 3].flatMap((slots) =>
    [0, 1, 3].map((culprits) => {
      const options = { rate: 0, count: 12, culprits, waves: 3 };
      const pwt = average(() => ours({ slots }), options, slots, rounds);
      const others = shownNames.map((name) => average(policyOf(name, slots, 4), options, slots, rounds));
      return {
        slots,
        culprits,
        pwt: shown(pwt),
        ...Object.fromEntries(shownNames.map((name, at) => [name, shown(others[at])])),
      };
    }),
  );
  return {
    title: '12 tasks, 3 agents',
    columns: { slots: 'count', culprits: 'count', pwt: 'text', ...textColumns(shownNames) },
    rows,
    note: 'Time in units of a gate / gates that ran; the last tasks finish at 4. Nothing is known from earlier runs; a red is seen four times before a task is rejected for it.',
  };
}

/**
 * @param {string} name
 * @param {number} slots
 * @param {number} reds
 */
function policyOf(name, slots, reds) {
  return () => /** @type {NonNullable<typeof columns[string]>} */ (columns[name])({ slots, reds });
}

/**
 * @param {() => import('./queue/simulate.mjs').Policy} make
 * @param {Omit<import('./queue/world.mjs').WorldOptions, 'seed'>} options
 * @param {number} slots
 * @param {number} rounds
 */
function average(make, options, slots, rounds) {
  const total = { time: 0, runs: 0, innocent: 0 };
  for (let round = 1; round <= rounds; round += 1) {
    const outcome = simulate(make(), createWorld({ ...options, seed: round * 7919 }), slots);
    if (outcome.broken) throw new Error(`What landed is red: ${JSON.stringify(options)}, round ${round}`);
    total.time += outcome.time / rounds;
    total.runs += outcome.runs / rounds;
    total.innocent += outcome.innocent;
  }
  return total;
}

/** @param {{time: number, runs: number} | undefined} figures */
function shown(figures) {
  return figures ? `${figures.time.toFixed(1)} / ${figures.runs.toFixed(0)}` : '';
}

/** @param {readonly string[]} titles @returns {Record<string, import('../lib/table.mjs').Unit>} */
function textColumns(titles) {
  return Object.fromEntries(titles.map((title) => [title, 'text']));
}
