import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Git } from '@pwt/git';
import { GitRepositoryObserver } from '@pwt/repository';
import { TemporaryRepository } from '@pwt/testkit';
import { inTurns, median, ratios, spread, timeMs } from '../lib/measure.mjs';
import { projectPaths } from '../lib/project.mjs';

const SIZES = [100, 100_000];

/**
 * What recording the state of a repository costs at the start of a run and before each landing, beside `git status`.
 *
 * @type {import('./index.mjs').Benchmark}
 */
export const observe = {
  name: 'observe',
  async run({ rounds = 15 }) {
    const rows = [];
    for (const files of SIZES) rows.push(...(await measure(files, rounds)));
    return [
      {
        title: 'Recording the state of a repository',
        columns: {
          files: 'count',
          what: 'text',
          median: 'ms',
          'beside git status': 'ratio',
          'beyond it': 'ms',
          spread: 'percent',
        },
        rows,
        note: `A clean checkout, ${rounds} rounds in turns; git status with all untracked files, as a process of its own. The goals are 30 ms for 100 files and 150 ms for 100,000.`,
      },
    ];
  },
};

/**
 * @param {number} files
 * @param {number} rounds
 */
async function measure(files, rounds) {
  const repository = await TemporaryRepository.create(
    Object.fromEntries(projectPaths(files).map((path) => [path, `${path}\n`])),
  );
  try {
    const { path, env } = repository;
    const commonDir = join(path, '.git');
    const git = new Git({ cwd: path, env });
    const observer = new GitRepositoryObserver({ git, commonDir, runsDir: join(commonDir, 'pwt/runs') });
    // Files of the same second as the index are read again by every status.
    execFileSync('git', ['status'], { cwd: path, env, stdio: 'ignore' });
    const status = ['status', '--porcelain=v2', '--untracked-files=all'];
    const figures = await inTurns(
      {
        'git status': () => timeMs(() => execFileSync('git', status, { cwd: path, env, stdio: 'ignore' })),
        observe: async () => {
          const startedMs = performance.now();
          await observer.observe({ target: 'main', runId: 'r1', ownBranches: [] });
          return performance.now() - startedMs;
        },
      },
      { rounds },
    );
    return Object.entries(figures).map(([what, times]) => ({
      files,
      what,
      median: median(times),
      'beside git status': median(ratios(times, figures['git status'])),
      'beyond it': median(times) - median(figures['git status']),
      spread: spread(times),
    }));
  } finally {
    await repository.dispose();
  }
}
