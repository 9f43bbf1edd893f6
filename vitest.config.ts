import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { sourceEntries } from './scripts/lib/source-entries.mjs';

const ALL = '{packages,plugins,examples,bench,scripts}/**/*.test.{ts,mjs}';
/**
 * Tests that steer no process and change nothing but folders of their own: what they import is loaded once for many files, which
 * otherwise is most of what they take.
 */
const SHARING = [
  'packages/{claims,coordinator,core,planner,risk,scope,separator,sources}/**/*.test.ts',
  'packages/{default,radar,repository,resources,worktree}/**/*.test.ts',
  'packages/cli/src/**/*.test.ts',
];

function project(name: string, test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration {
  return {
    resolve: { alias: sourceEntries() },
    test: {
      name,
      setupFiles: ['scripts/vitest/follow-programs.mjs', 'scripts/vitest/skip-notes.mjs'],
      pool: 'forks',
      testTimeout: 60_000,
      hookTimeout: 60_000,
      ...test,
      exclude: ['**/node_modules/**', '**/dist/**', ...(test?.exclude ?? [])],
    },
  };
}

export default defineConfig({
  test: {
    globalSetup: ['scripts/vitest/hermetic.mjs'],
    // They wait for git and for other processes a fifth of their time: one worker more than there are cores.
    maxWorkers: availableParallelism() + 1,
    projects: [
      // These start processes and steer them, so each file gets a process of its own.
      project('alone', { include: [ALL], exclude: SHARING }),
      project('sharing', { include: SHARING, isolate: false }),
    ],
    coverage: {
      provider: 'v8',
      reportOnFailure: true,
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.d.ts'],
      reporter: [['json', { file: 'vitest.json' }]],
      reportsDirectory: join(import.meta.dirname, 'coverage'),
    },
  },
});
