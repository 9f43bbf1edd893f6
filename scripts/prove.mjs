// The long proofs in full: what `npm test` samples, and the suite under the newest long-term Node.

import { PREPARE, PROOFS } from './lib/ci-steps.mjs';
import { runAll } from './lib/main.mjs';

process.exitCode = (await runAll([...PREPARE, ...PROOFS])) ? 0 : 1;
