// `npm run api`: installs, builds, and writes each package's `api.md`, which the check "public names" compares.

import { writeFileSync } from 'node:fs';
import { apiReports } from './lib/api-report.mjs';
import { PREPARE } from './lib/ci-steps.mjs';
import { requireAll } from './lib/main.mjs';
import { publicPackages } from './lib/workspace.mjs';

await requireAll(PREPARE);
const reports = apiReports(publicPackages());
for (const { path, text } of reports) writeFileSync(path, text);
console.log(`wrote ${reports.length} api.md`);
