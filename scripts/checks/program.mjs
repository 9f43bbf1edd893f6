// The program's tarball, where nothing of this repository is: an empty home, Node, npm and git. It is installed without the
// network, shows its demo, and works with what `pwt init` writes and with the plugins that it has inside.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyHome } from '../lib/empty-home.mjs';
import { conclude } from '../lib/problems.mjs';
import { programTarball } from '../lib/tarballs.mjs';
import { ROOT, readJson } from '../lib/workspace.mjs';

/** Of those that need some. @type {Readonly<Record<string, object>>} */
const OPTIONS = { '@pwt/plugin-bullmq': { redis: 'redis://127.0.0.1:1', remote: 'exchange.git' } };

const scratch = mkdtempSync(join(tmpdir(), 'pwt-program-'));
try {
  const { run } = emptyHome(join(scratch, 'home'));
  await run(['npm', 'install', '--global', '--offline', programTarball()], { cwd: scratch });
  const version = await run(['pwt', '--version'], { cwd: scratch });
  assert.equal(version.trim(), readJson(join(ROOT, 'package.json')).version);
  await run(['pwt', 'demo', join(scratch, 'demo'), '--no-compare'], { cwd: scratch });

  const project = join(scratch, 'project');
  mkdirSync(join(project, 'specs'), { recursive: true });
  writeFileSync(join(project, 'specs/SPEC-1-note.md'), '# Note\n\n**File**: `note.txt`\n');
  await run(['git', 'init', '--quiet'], { cwd: project });
  await run(['pwt', 'init'], { cwd: project });
  const { $schema } = readJson(join(project, 'pwt.config.json'));
  assert.ok(existsSync(join(project, $schema)), `${$schema}, which pwt init has written, is not there`);
  await run(['git', 'add', '.'], { cwd: project });
  const someone = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
  await run(['git', ...someone, 'commit', '--quiet', '--message=Start'], { cwd: project });
  await run(['pwt', 'plan'], { cwd: project });

  rmSync(join(project, 'pwt.config.json'));
  const plugins = readFileSync(join(ROOT, 'packages/cli/src/bundled-plugins.ts'), 'utf8').match(
    /(?<=')@pwt\/plugin-[\w-]+(?=': )/g,
  );
  assert.ok(plugins && plugins.length > 0);
  for (const plugin of plugins) {
    const entry = JSON.stringify([plugin, OPTIONS[plugin] ?? {}]);
    writeFileSync(
      join(project, 'pwt.config.ts'),
      `const plugin: unknown = ${entry};\nexport default { plugins: [plugin] };\n`,
    );
    await run(['pwt', 'plan', '--yes'], { cwd: project });
  }
  await run(['pwt', 'worker', '--help'], { cwd: scratch });
  conclude([], `${programTarball()} and ${plugins.join(', ')}`);
} catch (error) {
  conclude([String(error)], '');
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
