// `npm run build`: installs, and builds every package.

import { PREPARE } from './lib/ci-steps.mjs';
import { requireAll } from './lib/main.mjs';

await requireAll(PREPARE);
