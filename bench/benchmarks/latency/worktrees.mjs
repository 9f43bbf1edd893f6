import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Git } from '@pwt/git';
import { GitWorktreeProvider } from '@pwt/worktree';
import { inTurns, median, ratios, spread, timeMs } from '../../lib/measure.mjs';
import { projectPaths } from '../../lib/project.mjs';

/** In how many files the two commits differ between which checkouts are moved. */
const CHANGED = 20;

const RUN = 'r1';
const PLAIN = 'git worktree add';

/**
 * Checkouts for tasks and gates: new ones, and those that pwt has ready.
 *
 * @param {import('@pwt/testkit').TemporaryRepository} repository
 * @param {{files: number, rounds: number}} options
 * @returns {Promise<import('../../lib/table.mjs').Table>}
 */
export async function worktrees(repository, { files, rounds }) {
  const commits = await twoCommits(repository);
  const provider = providerOf(repository);
  const figures = await inTurns(variants(repository, provider, commits), { rounds });
  await provider.close({ runId: RUN });
  return {
    title: 'A checkout for a task or a gate',
    columns: { what: 'text', median: 'ms', [`beside ${PLAIN}`]: 'ratio', spread: 'percent' },
    rows: Object.entries(figures).map(([what, times]) => ({
      what,
      median: median(times),
      [`beside ${PLAIN}`]: median(ratios(times, figures[PLAIN])),
      spread: spread(times),
    })),
    note: `${files} files, ${rounds} rounds in turns. Moves are between two commits that differ in ${CHANGED} files; a gate has written one file and a new one before. The goals are 0.2 for a task's worktree that is ready and 0.35 for a gate's checkout that is moved.`,
  };
}

/**
 * Each figure is in milliseconds; what is made for it is removed outside of the time.
 *
 * @param {import('@pwt/testkit').TemporaryRepository} repository
 * @param {GitWorktreeProvider} provider
 * @param {readonly [string, string]} commits
 */
function variants(repository, provider, [base, next]) {
  const { path: cwd, env, parent } = repository;
  const plain = join(parent, 'plain');
  const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { cwd, env, stdio: 'ignore' });
  const task = { runId: RUN, taskId: '1', title: 'Task', base };
  /** @param {() => Promise<import('@pwt/core').Workspace>} make */
  const timed = async (make) => {
    const startedMs = performance.now();
    const workspace = await make();
    const took = performance.now() - startedMs;
    return { workspace, took };
  };
  const taken = async () => {
    const { workspace, took } = await timed(async () => (await provider.create(task)).workspace);
    await provider.remove({ workspace, force: ['dirty', 'unmerged'] });
    return took;
  };
  let at = base;
  return {
    [PLAIN]: () => {
      const took = timeMs(() => git('worktree', 'add', '--quiet', '--detach', plain, base));
      git('worktree', 'remove', '--force', plain);
      return took;
    },
    'a task’s worktree, new': taken,
    'one that is ready': async () => {
      await provider.prepare(task);
      return taken();
    },
    'one that is ready at another commit': async () => {
      await provider.prepare({ ...task, base: next });
      return taken();
    },
    'a gate’s checkout, new': async () => {
      const { workspace, took } = await timed(() => provider.scratch({ runId: 'r2', commit: base }));
      await provider.remove({ workspace });
      await provider.close({ runId: 'r2' });
      return took;
    },
    'one that is moved': async () => {
      at = at === base ? next : base;
      const { workspace, took } = await timed(() => provider.scratch({ runId: RUN, commit: at }));
      execFileSync(
        'sh',
        ['-c', 'echo x >>"$1" && echo x >made-by-the-gate', 'sh', projectPaths(1)[0] ?? ''],
        {
          cwd: workspace.path,
        },
      );
      await provider.remove({ workspace });
      return took;
    },
  };
}

/** @param {import('@pwt/testkit').TemporaryRepository} repository */
function providerOf({ path, env }) {
  const commonDir = join(path, '.git');
  return new GitWorktreeProvider({
    git: new Git({ cwd: path, env }),
    commonDir,
    stateDir: join(commonDir, 'pwt'),
    env,
    worktreeTemplate: '../{repo}-wt{id}',
    branchTemplate: 'task/{id}',
  });
}

/**
 * @param {import('@pwt/testkit').TemporaryRepository} repository
 * @returns {Promise<readonly [string, string]>}
 */
async function twoCommits(repository) {
  const base = await repository.git('rev-parse', 'HEAD');
  const changed = projectPaths(CHANGED).map((path) => [path, 'changed\n']);
  await repository.write(Object.fromEntries(changed));
  await repository.commitAll('Change some');
  return [base, await repository.git('rev-parse', 'HEAD')];
}
