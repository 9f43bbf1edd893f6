// `npm run package`: installs, builds, and packs the program into one tarball and each library into another.

import { relative } from 'node:path';
import { PACK_HERE, PREPARE } from './lib/ci-steps.mjs';
import { requireAll } from './lib/main.mjs';
import { LIBRARIES, programTarball } from './lib/tarballs.mjs';
import { ROOT } from './lib/workspace.mjs';

await requireAll([...PREPARE, PACK_HERE]);
console.log(`
The program:    npm install --global ./${relative(ROOT, programTarball(ROOT))}
The libraries:  npm install ./${LIBRARIES}/*.tgz`);
