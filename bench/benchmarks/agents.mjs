import { TemporaryRepository } from '@pwt/testkit';
import { runSleepers } from './agents/run-sleepers.mjs';

/** 1,000 on request: that takes two minutes and a gigabyte of memory. */
const AGENTS = 100;

/**
 * What agents cost that do nothing, and whether the last one is started as cheaply as the first.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const agents = {
  name: 'agents',
  async run({ tasks = AGENTS }) {
    const repository = await taskRepository(tasks);
    try {
      const seen = await runSleepers(repository, tasks);
      const part = Math.max(2, Math.floor(tasks / 10));
      return [
        {
          title: `${tasks} agents that sleep, started all at once`,
          columns: {
            'CPU of pwt': 'percent',
            'CPU of the supervisors': 'percent',
            'event loop late (p99)': 'ms',
            'while starting': 'ms',
            [`each of the first ${part} starts`]: 'ms',
            [`each of the last ${part} starts`]: 'ms',
            'CPU of pwt per start': 'ms',
          },
          rows: [
            {
              'CPU of pwt': seen.cpuShare,
              'CPU of the supervisors': seen.supervisorsShare,
              'event loop late (p99)': seen.lateAsleepMs,
              'while starting': seen.lateStartingMs,
              [`each of the first ${part} starts`]: perStart(seen.launchedAt.slice(0, part)),
              [`each of the last ${part} starts`]: perStart(seen.launchedAt.slice(-part)),
              'CPU of pwt per start': seen.startCpuMs,
            },
          ],
          note: 'CPU: of one core, over 10 s in which nothing happens. A start: from one launched agent to the next, worktree included.',
        },
      ];
    } finally {
      await repository.dispose();
    }
  },
};

/** @param {readonly number[]} times */
function perStart(times) {
  const [first = Number.NaN] = times;
  return ((times.at(-1) ?? Number.NaN) - first) / (times.length - 1);
}

/** @param {number} tasks */
function taskRepository(tasks) {
  const specs = Array.from({ length: tasks }, (_, at) => [
    `specs/SPEC-${at + 1}-task.md`,
    `# Task ${at + 1}\n\n**File**: \`work/${at + 1}.txt\`\n`,
  ]);
  return TemporaryRepository.create({ 'README.md': 'hello\n', ...Object.fromEntries(specs) });
}
