import { join } from 'node:path';
import { median } from '../lib/measure.mjs';
import { pwtProgram } from '../lib/programs.mjs';
import { runProcess } from '../lib/run-process.mjs';
import { TaskProject } from '../lib/task-project.mjs';
import { columns } from './queue/columns.mjs';
import { simulate } from './queue/simulate.mjs';

const TASKS = 12;
const AT_ONCE = 3;
const AGENT_SECONDS = 2;
const TIMEOUT_MS = 300_000;

/** @typedef {{gateSeconds: number, culprits: readonly number[]}} Case */

/** @type {readonly Case[]} */
const CASES = [
  { gateSeconds: 2, culprits: [] },
  { gateSeconds: 10, culprits: [] },
  { gateSeconds: 2, culprits: [5] },
  { gateSeconds: 2, culprits: [2, 6, 11] },
];

/**
 * What a gate adds to a run: whole processes of pwt, beside two other ways to gate, which are computed for the same tasks.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const gates = {
  name: 'gates',
  async run({ rounds = 1 }) {
    const rows = [];
    for (const one of CASES) {
      const runs = [];
      for (let round = 0; round < rounds; round += 1) runs.push(await measured(one));
      rows.push(rowOf(one, runs));
    }
    return [
      {
        title: `${TASKS} agents of ${AGENT_SECONDS} s, ${AT_ONCE} at once, with a gate`,
        columns: {
          gate: 'ms',
          culprits: 'count',
          'lower bound': 'ms',
          pwt: 'ms',
          'beside the bound': 'ratio',
          landed: 'text',
          'gate runs': 'text',
          'one by one': 'ratio',
          'bisecting batch': 'ratio',
        },
        rows,
        note: 'From Enter to the prompt. The bound is that of the agents and one gate. One by one and the bisecting batch (as bors has it) are computed, without any time of their own besides the gates; beside the same bound. They take the first red for the truth; pwt has it reproduced.',
      },
    ];
  },
};

/**
 * @param {Case} one
 * @param {readonly Measured[]} runs
 */
function rowOf({ gateSeconds, culprits }, runs) {
  const boundMs = ((TASKS * AGENT_SECONDS) / AT_ONCE + gateSeconds) * 1_000;
  const ms = median(runs.map((run) => run.ms));
  const beside = (/** @type {string} */ name) => computedMs(name, { gateSeconds, culprits }) / boundMs;
  return {
    gate: gateSeconds * 1_000,
    culprits: culprits.length,
    'lower bound': boundMs,
    pwt: ms,
    'beside the bound': ms / boundMs,
    landed: runs.map(({ landed }) => `${landed} of ${TASKS - culprits.length}`).join(', '),
    'gate runs': runs.map((run) => run.gates).join(', '),
    'one by one': beside('one by one'),
    'bisecting batch': beside('bisecting batch'),
  };
}

/** @typedef {{ms: number, landed: number, gates: number}} Measured */

/**
 * @param {Case} one
 * @returns {Promise<Measured>}
 */
async function measured({ gateSeconds, culprits }) {
  const project = await TaskProject.create({
    tasks: TASKS,
    work: { seconds: () => AGENT_SECONDS, culprits },
  });
  try {
    const limits = ['--max-cpu-percent', '100', '--max-memory-percent', '100'];
    const gate = ['--gate', `sleep ${gateSeconds}; ! ls work/broken-*`];
    const agent = ['--', 'sh', '-c', `exec ${project.agent} "$PWT_TASK_ID"`];
    const { ms, output } = await runProcess(
      [
        process.execPath,
        ...[pwtProgram, 'run', '--json', '--max-instances', String(AT_ONCE), ...limits, ...gate, ...agent],
      ],
      {
        cwd: project.repository.path,
        env: project.env,
        logFile: join(project.repository.parent, 'output.log'),
        timeoutMs: TIMEOUT_MS,
      },
    );
    const gates = output.match(/^\{.*"type":"gate-started"/gm) ?? [];
    return { ms, landed: await project.landed(), gates: gates.length };
  } finally {
    await project.dispose();
  }
}

/**
 * How long it takes until all tasks are decided in another way, if nothing but agents and gates takes time.
 *
 * @param {string} name one of the queue's {@link columns}
 * @param {Case} one
 */
function computedMs(name, { gateSeconds, culprits }) {
  const tasks = Array.from({ length: TASKS }, (_, at) => String(at + 1));
  const red = new Set(culprits.map(String));
  const world = {
    tasks,
    finishedAt: new Map(
      tasks.map((task, at) => [task, ((Math.floor(at / AT_ONCE) + 1) * AGENT_SECONDS) / gateSeconds]),
    ),
    isRed: (/** @type {readonly string[]} */ sequence) => sequence.some((task) => red.has(task)),
    flakes: () => false,
  };
  const policy = columns[name];
  if (policy === undefined) throw new Error(`There is no way ${name}.`);
  return simulate(policy({ slots: 1, reds: 1 }), world, 1).time * gateSeconds * 1_000;
}
