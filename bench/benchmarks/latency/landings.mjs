import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { discoverRepository, Git, NearReader } from '@pwt/git';
import { GitMerger } from '@pwt/merger';
import { inTurns, median, ratios, spread } from '../../lib/measure.mjs';

/** In how many files a task's commit differs. */
const CHANGED = 3;

const PLAIN = { joint: 'git merge-tree, commit-tree, update-ref', landing: 'git merge --ff-only' };
const STRATEGIES = /** @type {const} */ (['merge', 'squash', 'rebase']);

/**
 * What one more joint state costs, and a landing on the branch that is checked out, beside plain git.
 *
 * @param {import('@pwt/testkit').TemporaryRepository} repository
 * @param {{files: number, rounds: number}} options
 * @returns {Promise<import('../../lib/table.mjs').Table>}
 */
export async function landings(repository, { files, rounds }) {
  const bench = await open(repository);
  // One for each variant and round, and one round that does not count.
  const commits = bench.taskCommits((STRATEGIES.length + 3) * (rounds + 1));
  const joint = await inTurns(jointStates(bench, commits), { rounds });
  const landed = await inTurns(landingVariants(bench, commits), { rounds });
  const rows = [
    { figures: joint, plain: PLAIN.joint },
    { figures: landed, plain: PLAIN.landing },
  ].flatMap(({ figures, plain }) =>
    Object.entries(figures).map(([what, times]) => ({
      what,
      median: median(times),
      'beside plain git': median(ratios(times, figures[plain] ?? [])),
      spread: spread(times),
    })),
  );
  return {
    title: 'A joint state, and a landing',
    columns: { what: 'text', median: 'ms', 'beside plain git': 'ratio', spread: 'percent' },
    rows,
    note: `${files} files, ${rounds} rounds in turns; each task's commit differs in ${CHANGED} files, and each joint state is put on the one before. pwt also checks the tree and the commit; plain git does not. The goals are 10 ms for a joint state, and 2 × for a landing.`,
  };
}

/** @param {import('@pwt/testkit').TemporaryRepository} repository */
async function open({ path: cwd, env, parent }) {
  const index = join(parent, 'index-of-bench');
  /** @param {readonly string[]} args @param {{input?: string}} [options] */
  const run = (args, options = {}) =>
    execFileSync('git', args, { cwd, env, encoding: 'utf8', ...options }).trim();
  /** @param {readonly string[]} args */
  const withIndex = (args) =>
    execFileSync('git', args, { cwd, env: { ...env, GIT_INDEX_FILE: index }, encoding: 'utf8' }).trim();
  const plain = new Git({ cwd, env });
  const repository = await discoverRepository(plain);
  const near = NearReader.of(repository);
  const git = plain.inPlace({ workTree: cwd, gitDir: repository.gitDir, commonDir: repository.commonDir });
  const merger = new GitMerger({ git: near ? git.readingWith(near) : git, commonDir: repository.commonDir });
  const base = run(['rev-parse', 'HEAD']);
  /** @param {number} count */
  const taskCommits = (count) =>
    Array.from({ length: count }, (_, task) => {
      withIndex(['read-tree', base]);
      const blob = run(['hash-object', '-w', '--stdin'], { input: `task ${task}\n` });
      for (let file = 0; file < CHANGED; file += 1)
        withIndex(['update-index', '--add', '--cacheinfo', `100644,${blob},task-${task}/${file}.ts`]);
      return run(['commit-tree', withIndex(['write-tree']), '-p', base, '-m', `Task ${task}`]);
    });
  return { run, merger, base, taskCommits };
}

/**
 * @typedef {Awaited<ReturnType<typeof open>>} Bench
 *
 * @param {Bench} bench
 * @param {string[]} commits Each is used up.
 */
function jointStates({ run, merger, base }, commits) {
  /** @type {Record<string, string>} */
  const tips = {};
  /** @param {'merge' | 'squash' | 'rebase'} strategy */
  const integrate = async (strategy) => {
    const commit = commits.pop() ?? '';
    const subject = { kind: /** @type {const} */ ('tasks'), taskIds: [`${strategy}-${commits.length}`] };
    const request = {
      runId: 'r1',
      subject,
      onto: tips[strategy] ?? base,
      commit,
      message: 'Task\n',
      strategy,
    };
    const startedMs = performance.now();
    const outcome = await merger.integrate(request);
    const took = performance.now() - startedMs;
    if (outcome.status !== 'merged') throw new Error(`A merge ended with: ${outcome.status}`);
    tips[strategy] = outcome.commit;
    return took;
  };
  const plain = () => {
    const commit = commits.pop() ?? '';
    const onto = tips.plain ?? base;
    const startedMs = performance.now();
    const tree = run(['merge-tree', '--write-tree', onto, commit]);
    const made = run(['commit-tree', tree, '-p', onto, '-p', commit, '-m', 'Task']);
    run(['update-ref', `refs/bench/${commits.length}`, made]);
    tips.plain = made;
    return performance.now() - startedMs;
  };
  const ours = STRATEGIES.map((strategy) => [`pwt: ${strategy}`, () => integrate(strategy)]);
  return /** @type {Record<string, () => number | Promise<number>>} */ (
    Object.fromEntries([[PLAIN.joint, plain], ...ours])
  );
}

/**
 * @param {Bench} bench
 * @param {string[]} commits Each is used up.
 */
function landingVariants({ run, merger }, commits) {
  const branch = run(['symbolic-ref', '--short', 'HEAD']);
  const next = () => {
    const head = run(['rev-parse', 'HEAD']);
    const tree = run(['merge-tree', '--write-tree', head, commits.pop() ?? '']);
    return { head, made: run(['commit-tree', tree, '-p', head, '-m', 'Task']) };
  };
  return {
    [PLAIN.landing]: () => {
      const { made } = next();
      const startedMs = performance.now();
      run(['merge', '--ff-only', '--quiet', made]);
      return performance.now() - startedMs;
    },
    'pwt: land': async () => {
      const { head, made } = next();
      const startedMs = performance.now();
      const outcome = await merger.land({ runId: 'r1', target: branch, from: head, to: made });
      if (outcome.status !== 'landed') throw new Error(`A landing ended with: ${outcome.status}`);
      return performance.now() - startedMs;
    },
  };
}
