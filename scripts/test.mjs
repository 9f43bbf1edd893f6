// Everything that CI runs, on a machine that has Node, npm and git.

import { CHECKS, PREPARE } from './lib/ci-steps.mjs';
import { runAll } from './lib/main.mjs';

process.exitCode = (await runAll([...PREPARE, ...CHECKS])) ? 0 : 1;
