import { join } from 'node:path';
import { median } from '../../lib/measure.mjs';
import { runProcess } from '../../lib/run-process.mjs';
import { TaskProject } from '../../lib/task-project.mjs';
import { AT_ONCE, tasksYaml } from './contenders.mjs';

/**
 * @typedef {import('./contenders.mjs').Contender} Contender
 * @typedef {import('../../lib/table.mjs').Table} Table
 */

const TASKS = 12;
const TIMEOUT_MS = 120_000;

/**
 * @param {readonly Contender[]} contenders
 * @param {number} rounds
 * @returns {Promise<Table>}
 */
export async function equalTasks(contenders, rounds) {
  const boundMs = (TASKS * 2_000) / AT_ONCE;
  const runs = await inTurns(contenders, { rounds, seconds: () => 2, times: 1 });
  return {
    title: `${TASKS} agents of 2 s`,
    columns: { tool: 'text', 'lower bound': 'ms', median: 'ms', 'beside the bound': 'ratio', landed: 'text' },
    rows: runs.map(({ name, times }) => ({ tool: name, ...besideBound(times[0] ?? [], boundMs) })),
    note: 'Whole processes, from Enter to the prompt. Landed: how many tasks are on the target after each run.',
  };
}

/**
 * @param {readonly Contender[]} contenders
 * @param {number} rounds
 * @returns {Promise<Table>}
 */
export async function unevenTasks(contenders, rounds) {
  // Four agents of 5 s and eight of 1 s: 5 + 5, and twice 5 + 4 × 1.
  const bestMs = 10_000;
  const seconds = (/** @type {number} */ id) => (id % 3 === 0 ? 5 : 1);
  const runs = await inTurns(contenders, { rounds, seconds, times: 2 });
  return {
    title: `${TASKS} agents, every third of 5 s, the others of 1 s`,
    columns: {
      tool: 'text',
      run: 'text',
      'best packing': 'ms',
      median: 'ms',
      'beside the best': 'ratio',
      landed: 'text',
    },
    rows: runs.flatMap(({ name, times }) =>
      times.map((figures, at) => {
        const { median: ms, landed, ...beside } = besideBound(figures, bestMs);
        return {
          tool: name,
          run: at === 0 ? 'first' : 'second',
          'best packing': bestMs,
          median: ms,
          'beside the best': beside['beside the bound'],
          landed,
        };
      }),
    ),
    note: 'Second: the same tasks again, after the target was put back.',
  };
}

/** @typedef {{ms: number, landed: number}} Figure */

/**
 * @param {readonly Contender[]} contenders
 * @param {{rounds: number, seconds: (id: number) => number, times: number}} options `times`: how often the same tasks run
 */
async function inTurns(contenders, { rounds, seconds, times }) {
  const runs = contenders.map((contender) => ({
    name: contender.name,
    contender,
    times: Array.from({ length: times }, () => /** @type {Figure[]} */ ([])),
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const run of runs) {
      const project = await TaskProject.create({
        tasks: TASKS,
        work: { seconds },
        files: { 'tasks.yaml': tasksYaml(TASKS) },
      });
      const start = await project.repository.git('rev-parse', 'HEAD');
      for (const figures of run.times) {
        await project.repository.git('reset', '--quiet', '--hard', start);
        figures.push(await timed(run.contender, project));
      }
      await project.dispose();
    }
  }
  return runs;
}

/**
 * @param {Contender} contender
 * @param {TaskProject} project
 * @returns {Promise<Figure>}
 */
async function timed(contender, project) {
  const { ms } = await runProcess(contender.start(project), {
    cwd: project.repository.path,
    env: project.env,
    logFile: join(project.repository.parent, 'output.log'),
    timeoutMs: TIMEOUT_MS,
  });
  return { ms, landed: await project.landed() };
}

/**
 * @param {readonly Figure[]} figures
 * @param {number} boundMs
 */
function besideBound(figures, boundMs) {
  const ms = median(figures.map((figure) => figure.ms));
  return {
    'lower bound': boundMs,
    median: ms,
    'beside the bound': ms / boundMs,
    landed: figures.map(({ landed }) => landed).join(', '),
  };
}
