// `npm run demo [-- …]`: installs, makes the program, and runs `pwt demo …`.

import { join } from 'node:path';
import { BUNDLE, INSTALL_PROGRAM } from './lib/ci-steps.mjs';
import { passThrough } from './lib/exec.mjs';
import { requireAll } from './lib/main.mjs';
import { ROOT, readJson } from './lib/workspace.mjs';

await requireAll([INSTALL_PROGRAM, BUNDLE]);
const cli = join(ROOT, 'packages/cli');
const program = join(cli, readJson(join(cli, 'package.json')).bin.pwt);
const exitCode = await passThrough([process.execPath, program, 'demo', ...process.argv.slice(2)], {});
// The demo names commands of pwt to go on with; in a clone, nothing has to be installed for that.
if (exitCode === 0) process.stderr.write(`\nIf pwt is not installed: alias pwt='node "${program}"'\n`);
process.exitCode = exitCode;
