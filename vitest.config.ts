import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { sourceEntries } from './scripts/lib/source-entries.mjs';

export default defineConfig({
  resolve: { alias: sourceEntries() },
  test: {
    include: ['{packages,plugins,examples,bench,scripts}/**/*.test.{ts,mjs}'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['scripts/vitest/hermetic.mjs'],
    setupFiles: ['scripts/vitest/follow-programs.mjs', 'scripts/vitest/skip-notes.mjs'],
    // The tests start processes and change directories' contents, so each file gets a process of its own. They
    // wait for git more than they compute: one worker per core, also on the small machines where vitest would
    // keep a core free.
    pool: 'forks',
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 60_000,
    hookTimeout: 60_000,
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
