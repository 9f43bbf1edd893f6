// `npm run bench [-- …]`: installs, builds, and runs the benchmarks.

import { join } from 'node:path';
import { PREPARE } from './lib/ci-steps.mjs';
import { passThrough } from './lib/exec.mjs';
import { requireAll } from './lib/main.mjs';
import { ROOT } from './lib/workspace.mjs';

await requireAll(PREPARE);
process.exitCode = await passThrough(
  [process.execPath, join(ROOT, 'bench/run.mjs'), ...process.argv.slice(2)],
  {},
);
