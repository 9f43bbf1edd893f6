// Each package's `api.md` has the names and signatures that its emitted types have, so that a changed door is seen in
// review; its README names nothing else.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { apiReports } from '../lib/api-report.mjs';
import { capture } from '../lib/exec.mjs';
import { conclude } from '../lib/problems.mjs';
import { unknownNames } from '../lib/readme-names.mjs';
import { publicPackages, ROOT } from '../lib/workspace.mjs';

const folder = mkdtempSync(join(tmpdir(), 'pwt-api-'));
try {
  const fresh = join(folder, 'api.md');
  /** @type {string[]} */
  const problems = [];
  const reports = apiReports(publicPackages());
  for (const { path, text } of reports) {
    writeFileSync(fresh, text);
    const kept = relative(ROOT, path);
    if (!existsSync(path)) {
      problems.push(`${kept}: is missing; run \`npm run api\``);
      continue;
    }
    const diff = ['git', 'diff', '--no-index', '--no-ext-diff', '--no-color', '--', kept, fresh];
    const { exitCode, output } = await capture(diff, { cwd: ROOT });
    if (exitCode === 0) continue;
    const changes = output.slice(Math.max(0, output.indexOf('\n@@') + 1));
    problems.push(
      `${kept}: the emitted types differ; look at the difference, then run \`npm run api\`\n${changes}`,
    );
  }
  const all = reports.map(({ text }) => text).join('\n');
  for (const { folder: name, directory } of publicPackages())
    for (const unknown of unknownNames(readFileSync(join(directory, 'README.md'), 'utf8'), all))
      problems.push(`${name}/README.md: no package exports anything called ${unknown}`);
  conclude(problems, `${reports.length} api.md, and the names in READMEs, against the emitted types`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
