import { TemporaryRepository } from '@pwt/testkit';
import { median } from '../lib/measure.mjs';
import { runWatched } from './soak/run-watched.mjs';

const TASKS = 2_000;
const INSTANCES = 4;

/**
 * Whether pwt keeps up with itself: very many very short tasks, where all that a task takes is what pwt does for it.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const soak = {
  name: 'soak',
  onlyByName: true,
  async run({ tasks = TASKS }) {
    const repository = await taskRepository(tasks);
    try {
      const seen = await runWatched(['--max-instances', String(INSTANCES), '--', ...AGENT], repository);
      return [
        {
          title: `${tasks} agents of a few milliseconds, ${INSTANCES} at once`,
          columns: {
            landed: 'count',
            took: 'ms',
            'landed worktrees at once': 'count',
            'worktrees at once': 'count',
            'from a free slot to a start': 'ms',
            memory: 'MB',
          },
          rows: [
            {
              landed: seen.landed,
              took: seen.tookMs,
              'landed worktrees at once': seen.mostLanded,
              'worktrees at once': seen.mostWorktrees,
              'from a free slot to a start': median(seen.startDelaysMs),
              memory: seen.peakMegabytes,
            },
          ],
          note: 'Landed worktrees: those whose work is on the target and that were not removed yet. The delay is the median.',
        },
      ];
    } finally {
      await repository.dispose();
    }
  },
};

const AGENT = ['sh', '-c', 'mkdir -p work && echo done > "work/$PWT_TASK_ID.txt"'];

/** @param {number} tasks */
function taskRepository(tasks) {
  const specs = Array.from({ length: tasks }, (_, at) => [
    `specs/SPEC-${at + 1}-task.md`,
    `# Task ${at + 1}\n\n**File**: \`work/${at + 1}.txt\`\n`,
  ]);
  return TemporaryRepository.create({ 'README.md': 'hello\n', ...Object.fromEntries(specs) });
}
