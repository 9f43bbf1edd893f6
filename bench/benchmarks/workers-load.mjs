import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TemporaryRepository } from '@pwt/testkit';
import { watchedRun } from '../lib/watched-run.mjs';
import { quoted, WorkerFleet } from '../lib/worker-fleet.mjs';
import { watchRedis } from './workers-load/watch-redis.mjs';

const TASKS = 200;
const WORKERS = 4;
const INSTANCES = 8;
/** 50 ms, and a file. */
const AGENT = ['sh', '-c', 'sleep 0.05 && mkdir -p work && echo done > "work/$PWT_TASK_ID.txt"'];

/**
 * What many short tasks ask of the coordinator and of Redis; with `--tasks 5000`, whether Redis' memory stays flat.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const workersLoad = {
  name: 'workers-load',
  onlyByName: true,
  async run({ tasks = TASKS }) {
    const repository = await taskRepository(tasks);
    const fleet = await WorkerFleet.start({
      workers: WORKERS,
      instances: INSTANCES,
      allow: ['--allow-agent', AGENT.map(quoted).join(' ')],
      env: repository.env,
    });
    try {
      await configure(repository, fleet);
      const watch = watchRedis(fleet.redis, tasks);
      const env = { ...repository.env, ...fleet.redis.env };
      const before = fleet.usage();
      const run = await watchedRun({ cwd: repository.path, env, onEvent: watch.onEvent });
      const samples = await watch.end();
      return [loadTable(tasks, run, { before, after: fleet.usage() }, samples), memoryTable(samples)];
    } finally {
      await fleet.stop();
      await repository.dispose();
    }
  },
};

/**
 * @param {number} tasks
 * @param {import('../lib/watched-run.mjs').WatchedRun} run
 * @param {Record<'before' | 'after', ReturnType<WorkerFleet['usage']>>} workers
 * @param {readonly import('./workers-load/watch-redis.mjs').Sample[]} samples
 * @returns {import('../lib/table.mjs').Table}
 */
function loadTable(
  tasks,
  { events, tookMs, ownCpuMs, childrenCpuMs, peakMegabytes },
  { before, after },
  samples,
) {
  const last = samples.at(-1);
  const landed = events.flatMap((event) => (event.type === 'landed' ? event.taskIds : [])).length;
  return {
    title: `${tasks} agents of 50 ms on ${WORKERS} workers, ${INSTANCES} at once on each`,
    columns: {
      landed: 'count',
      took: 'ms',
      events: 'count',
      'events a second': 'count',
      'CPU of pwt, a task': 'ms',
      'of its git, a task': 'ms',
      'memory of pwt': 'MB',
      'CPU of workers, a task': 'ms',
      'of their children, a task': 'ms',
      'memory of a worker': 'MB',
      'CPU of Redis, a task': 'ms',
      'commands a task': 'count',
      'memory of Redis at most, in kB': 'count',
    },
    rows: [
      {
        landed,
        took: tookMs,
        events: events.length,
        'events a second': Math.round((events.length * 1000) / tookMs),
        'CPU of pwt, a task': ownCpuMs / tasks,
        'of its git, a task': childrenCpuMs / tasks,
        'memory of pwt': peakMegabytes,
        'CPU of workers, a task': (after.ownCpuMs - before.ownCpuMs) / tasks,
        'of their children, a task': (after.childrenCpuMs - before.childrenCpuMs) / tasks,
        'memory of a worker': after.peakMegabytes,
        'CPU of Redis, a task': (last?.cpuMs ?? 0) / tasks,
        'commands a task': Math.round((last?.commands ?? 0) / tasks),
        'memory of Redis at most, in kB': Math.round(
          Math.max(0, ...samples.map(({ bytes }) => bytes)) / 1000,
        ),
      },
    ],
    note: 'No gate. All of it shares the cores of one machine, so how long it took is bounded by git. Memory: the most that one process has held.',
  };
}

/**
 * @param {readonly import('./workers-load/watch-redis.mjs').Sample[]} samples
 * @returns {import('../lib/table.mjs').Table}
 */
function memoryTable(samples) {
  return {
    title: "Redis' memory over the run",
    columns: { landed: 'count', 'used, in kB': 'count', 'of that, data': 'count', keys: 'count' },
    rows: samples.map(({ landed, bytes, dataBytes, keys }) => ({
      landed,
      'used, in kB': Math.round(bytes / 1000),
      'of that, data': Math.round(dataBytes / 1000),
      keys,
    })),
    note: '`INFO memory`: used_memory and used_memory_dataset, before the run, at each tenth of it, and after it.',
  };
}

/** @param {number} tasks */
function taskRepository(tasks) {
  const specs = Array.from({ length: tasks }, (_, at) => [
    `specs/SPEC-${at + 1}-task.md`,
    `# Task ${at + 1}\n\n**File**: \`work/${at + 1}.txt\`\n`,
  ]);
  return TemporaryRepository.create({ 'README.md': 'hello\n', ...Object.fromEntries(specs) });
}

/**
 * @param {TemporaryRepository} repository
 * @param {WorkerFleet} fleet
 */
async function configure(repository, { plugins }) {
  const limits = { maxCpuPercent: 100, maxMemoryPercent: 100, minDisk: 0, maxInstances: WORKERS * INSTANCES };
  const config = { plugins, agent: { command: AGENT }, ...limits };
  writeFileSync(join(repository.path, 'pwt.config.json'), JSON.stringify(config));
  await repository.commitAll('Configure pwt');
}
