import { join } from 'node:path';
import { ROOT } from './workspace.mjs';

const TEST_RESULTS = 'node_modules/.cache/pwt/tests.json';
const PROGRAM_COVERAGE = 'node_modules/.cache/pwt/program-coverage';
const BUILD = 'turbo run build --output-logs=new-only';
const REPORT = `--reporter=dot --reporter=json --outputFile.json=${TEST_RESULTS}`;
/** The program itself, as npm packages it for each platform. */
const NODE_24 = `node-${process.platform}-${process.arch}@24`;

/** @type {import('./steps.mjs').Step} */
const INSTALL = { name: 'install', command: 'pnpm install --frozen-lockfile' };

/**
 * What the program is made of, and esbuild: a third of what all of it takes.
 *
 * @type {import('./steps.mjs').Step}
 */
export const INSTALL_PROGRAM = { name: 'install', command: `${INSTALL.command} --filter=@pwt/cli...` };

/** The program, out of the sources. @type {import('./steps.mjs').Step} */
export const BUNDLE = { name: 'bundle', command: 'node packages/cli/bundle.mjs', needs: ['install'] };

/** What makes a clone runnable. @type {readonly import('./steps.mjs').Step[]} */
export const PREPARE = [INSTALL, { name: 'build', command: BUILD, needs: ['install'], alone: true }];

/** The tarballs, in the root. @type {import('./steps.mjs').Step} */
export const PACK_HERE = { name: 'pack', command: 'node scripts/checks/pack.mjs .', needs: ['build'] };

/** All that has to hold for every commit. @type {readonly import('./steps.mjs').Step[]} */
export const CHECKS = [
  { name: 'lint and format', command: 'biome ci --colors=off --error-on-warnings .', needs: ['install'] },
  { name: 'types of the tests', command: 'tsc -p tsconfig.test.json', needs: ['install'] },
  { name: 'unused code', command: 'knip', needs: ['install'] },
  {
    name: 'dependencies',
    command: 'knip --production --strict --dependencies --workspace ./packages/* --workspace ./plugins/*',
    needs: ['install'],
  },
  { name: 'package boundaries', command: 'turbo boundaries', needs: ['install'] },
  { name: 'references', command: 'node scripts/checks/references.mjs', needs: ['install'] },
  { name: 'folders', command: 'node scripts/checks/folders.mjs', needs: ['install'] },
  { name: 'repeatability', command: 'node scripts/checks/repeatable.mjs', needs: ['install'] },
  { name: 'documentation', command: 'node scripts/checks/docs.mjs', needs: ['install'] },
  { name: 'examples in the docs', command: 'node scripts/checks/snippets.mjs', needs: ['install'] },
  { name: 'public names', command: 'node scripts/checks/api.mjs', needs: ['build'] },
  {
    name: 'tests',
    command: `vitest run ${REPORT} --coverage`,
    alone: true,
    env: { PROGRAM_COVERAGE: join(ROOT, PROGRAM_COVERAGE) },
    writes: ['coverage', PROGRAM_COVERAGE, TEST_RESULTS],
    needs: ['install'],
    results: TEST_RESULTS,
    count: countTests,
  },
  { name: 'examples', command: 'node scripts/checks/examples.mjs', needs: ['build'] },
  { name: 'packing', command: 'node scripts/checks/pack.mjs', needs: ['build'] },
  { name: 'coverage', command: `node scripts/checks/coverage.mjs ${PROGRAM_COVERAGE}`, needs: ['install'] },
  { name: 'program from its tarball', command: 'node scripts/checks/program.mjs', needs: ['packing'] },
  { name: 'packages from tarballs', command: 'node scripts/checks/libraries.mjs', needs: ['packing'] },
  { name: 'program out of git', command: 'node scripts/checks/out-of-git.mjs', needs: ['install'] },
  { name: 'tarballs', command: 'node scripts/checks/lint-tarballs.mjs', needs: ['packing'] },
  { name: 'settings', command: 'node scripts/checks/settings.mjs', needs: ['build'] },
];

/** What takes too long for every commit. @type {readonly import('./steps.mjs').Step[]} */
export const PROOFS = [
  {
    name: 'tests in full',
    command: `vitest run ${REPORT}`,
    alone: true,
    env: { PWT_PROVE: '1' },
    writes: [TEST_RESULTS],
    needs: ['build'],
    results: TEST_RESULTS,
    count: countTests,
  },
  {
    name: 'tests under Node 24',
    command: `npx -y --package=${NODE_24} -- node node_modules/vitest/vitest.mjs run ${REPORT}`,
    alone: true,
    writes: [TEST_RESULTS],
    needs: ['build'],
    results: TEST_RESULTS,
    count: countTests,
  },
  { name: 'model', command: 'node scripts/checks/model.mjs', needs: ['install'] },
  { name: 'program out of git', command: 'node scripts/checks/out-of-git.mjs 10 11', needs: ['install'] },
];

/**
 * Counts vitest's tests; a file that could not even be loaded counts as one that failed. Tests that skipped
 * themselves and said why are noted, each reason once.
 *
 * @typedef {{status: string, assertionResults: readonly {meta?: {skipped?: string}}[]}} TestFile
 * @param {{numPassedTests: number, numFailedTests: number, testResults: readonly TestFile[]}} results
 * @returns {import('./steps.mjs').Tally}
 */
export function countTests(results) {
  const unloadable = results.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const reasons = results.testResults
    .flatMap((file) => file.assertionResults)
    .flatMap(({ meta }) => meta?.skipped ?? []);
  const notes = [...new Set(reasons)].map(
    (reason) => `${reasons.filter((other) => other === reason).length} skipped: ${reason}`,
  );
  return { passed: results.numPassedTests, failed: results.numFailedTests + unloadable, notes };
}
