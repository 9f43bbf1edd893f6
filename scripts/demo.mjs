// `npm run demo [-- …]`: installs, builds the CLI with all it needs, and runs `pwt demo …`.

import { join } from 'node:path';
import { BUILD_CLI, INSTALL } from './lib/ci-steps.mjs';
import { passThrough } from './lib/exec.mjs';
import { requireAll } from './lib/main.mjs';
import { ROOT, readJson } from './lib/workspace.mjs';

await requireAll([INSTALL, BUILD_CLI]);
const cli = join(ROOT, 'packages/cli');
const program = join(cli, readJson(join(cli, 'package.json')).bin.pwt);
process.exitCode = await passThrough([process.execPath, program, 'demo', ...process.argv.slice(2)], {});
