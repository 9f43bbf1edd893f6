import { median, ratios } from '../lib/measure.mjs';
import { phases } from '../lib/run-events.mjs';
import { watchedRun } from '../lib/watched-run.mjs';
import { quoted, WorkerFleet } from '../lib/worker-fleet.mjs';
import { AGENT, GATE, makespan, openQuickStart, outcomeOf } from './workers/quick-start.mjs';

const WORKERS = 2;
const INSTANCES = 4;
const ROUNDS = 3;

/**
 * What it costs to have agents and gates on other machines: the quick-start here, and over two workers, with as many agents at once.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const workers = {
  name: 'workers',
  onlyByName: true,
  async run({ rounds = ROUNDS }) {
    const fleet = await WorkerFleet.start({
      workers: WORKERS,
      instances: INSTANCES / WORKERS,
      allow: ['--allow-agent', AGENT.map(quoted).join(' '), '--allow-gate', GATE],
      env: process.env,
    });
    try {
      return tablesOf(await inTurn(fleet, rounds));
    } finally {
      await fleet.stop();
    }
  },
};

/**
 * One round that does not count, then the others: a run here, a run over workers.
 *
 * @param {WorkerFleet} fleet
 * @param {number} rounds
 */
async function inTurn(fleet, rounds) {
  const variants = [
    { name: 'here', config: {}, env: process.env, runs: /** @type {Seen[]} */ ([]) },
    {
      name: `over ${WORKERS} workers`,
      config: { plugins: fleet.plugins },
      env: { ...process.env, ...fleet.redis.env },
      runs: /** @type {Seen[]} */ ([]),
    },
  ];
  for (let round = -1; round < rounds; round += 1) {
    for (const { config, env, runs } of variants) {
      const seen = await oneRun(config, env, fleet);
      if (round >= 0) runs.push(seen);
    }
    const [here, there] = variants.map(({ runs }) => runs.at(-1)?.outcome);
    if (here !== there) throw new Error(`The outcome is another one:\n${here}\n\n${there}`);
  }
  return variants;
}

/**
 * @param {Readonly<Record<string, unknown>>} config
 * @param {NodeJS.ProcessEnv} env
 * @param {WorkerFleet} fleet
 */
async function oneRun(config, env, fleet) {
  const project = openQuickStart({ ...config, maxInstances: INSTANCES });
  try {
    const before = fleet.usage();
    const run = await watchedRun({ cwd: project.path, env }, [0, 1]);
    const after = fleet.usage();
    return {
      ...run,
      makespanMs: makespan(run.events),
      outcome: outcomeOf(project, run.events),
      workersCpuMs: after.ownCpuMs + after.childrenCpuMs - before.ownCpuMs - before.childrenCpuMs,
    };
  } finally {
    project.dispose();
  }
}

/** @typedef {Awaited<ReturnType<typeof oneRun>>} Seen */

/**
 * @param {readonly {readonly name: string, readonly runs: readonly Seen[]}[]} variants
 * @returns {import('../lib/table.mjs').Table[]}
 */
function tablesOf(variants) {
  const [here] = variants;
  const beside = (/** @type {readonly Seen[]} */ runs, /** @type {(run: Seen) => number} */ figure) =>
    median(ratios(runs.map(figure), (here?.runs ?? []).map(figure)));
  const steps = variants.map(({ runs }) => phases(runs.flatMap(({ events }) => events)));
  const [local = {}, remote = {}] = steps;
  return [
    {
      title: `The quick-start, ${INSTANCES} agents of about 3 s at once`,
      columns: {
        where: 'text',
        makespan: 'ms',
        'beside here': 'ratio',
        'from Enter to prompt': 'ms',
        'Enter to prompt, beside here': 'ratio',
        'CPU of pwt': 'ms',
        'CPU of its children': 'ms',
        'CPU of workers, with children': 'ms',
      },
      rows: variants.map(({ name, runs }) => ({
        where: name,
        makespan: median(runs.map(({ makespanMs }) => makespanMs)),
        'beside here': beside(runs, ({ makespanMs }) => makespanMs),
        'from Enter to prompt': median(runs.map(({ tookMs }) => tookMs)),
        'Enter to prompt, beside here': beside(runs, ({ tookMs }) => tookMs),
        'CPU of pwt': median(runs.map(({ ownCpuMs }) => ownCpuMs)),
        'CPU of its children': median(runs.map(({ childrenCpuMs }) => childrenCpuMs)),
        'CPU of workers, with children': median(runs.map(({ workersCpuMs }) => workersCpuMs)),
      })),
      note: 'Makespan: from the first dispatch to the last landing. Both end with the same outcomes and the same tree. Median of the rounds; ratios within a round.',
    },
    {
      title: 'What a task costs more over workers, by step',
      columns: { step: 'text', here: 'ms', 'over workers': 'ms', more: 'ms' },
      rows: [
        ...Object.keys(local).map((step) => ({
          step,
          here: local[step],
          'over workers': remote[step],
          more: (remote[step] ?? Number.NaN) - (local[step] ?? Number.NaN),
        })),
        {
          step: 'from dispatch to the commit',
          here: untilCollected(local),
          'over workers': untilCollected(remote),
          more: untilCollected(remote) - untilCollected(local),
        },
      ],
      note: 'Median over all tasks. From dispatch to the commit is the time for which a task has a slot.',
    },
  ];
}

/** @param {Readonly<Record<string, number>>} steps */
function untilCollected(steps) {
  return Object.values(steps)
    .slice(0, 4)
    .reduce((sum, ms) => sum + ms, 0);
}
