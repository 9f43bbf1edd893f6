// The packed packages work where nothing of this repository is: all together, and each one alone.

import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture } from '../lib/exec.mjs';
import { conclude, inPairs } from '../lib/problems.mjs';
import { tarballOf, withWorkspaceDependencies } from '../lib/tarballs.mjs';
import { publicPackages } from '../lib/workspace.mjs';

const PROGRAM = 'run-two-tasks.mjs';

const packages = publicPackages();
const scratch = mkdtempSync(join(tmpdir(), 'pwt-tarballs-'));
try {
  const together = await installed('together', packages, [
    ['npx', '--no', 'pwt', '--version'],
    importOf(packages),
    ['node', PROGRAM],
  ]);
  const alone = await inPairs(packages, (pkg) =>
    installed(pkg.folder.replace('/', '-'), withWorkspaceDependencies(pkg), [importOf([pkg])]),
  );
  conclude([together, ...alone].flat(), `${packages.length} packages together and alone`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/**
 * Installs tarballs into an empty folder and runs commands there.
 *
 * @param {string} name
 * @param {readonly import('../lib/workspace.mjs').WorkspacePackage[]} members
 * @param {readonly (readonly string[])[]} commands
 * @returns {Promise<string[]>} what went wrong
 */
async function installed(name, members, commands) {
  const folder = join(scratch, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  copyFileSync(join(import.meta.dirname, 'installed', PROGRAM), join(folder, PROGRAM));
  const install = ['npm', 'install', '--prefer-offline', ...members.map(tarballOf)];
  /** @type {string[]} */
  const problems = [];
  for (const command of [install, ...commands]) {
    const { exitCode, output } = await capture(command, { cwd: folder });
    if (exitCode !== 0) problems.push(`${name}: ${command.join(' ')}\n${output}`);
  }
  return problems;
}

/**
 * A command that loads each entry point of the packages.
 *
 * @param {readonly import('../lib/workspace.mjs').WorkspacePackage[]} members
 */
function importOf(members) {
  const entries = members.flatMap(({ manifest }) =>
    Object.keys(manifest.exports ?? {})
      .filter((subpath) => !subpath.endsWith('.json'))
      .map((subpath) => manifest.name + subpath.slice(1)),
  );
  const program = entries.map((entry) => `await import(${JSON.stringify(entry)});`).join('\n');
  return ['node', '--input-type=module', '-e', program];
}
