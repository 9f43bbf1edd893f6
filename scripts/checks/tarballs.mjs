// The packed packages work where nothing of this repository is: all together, and each one alone.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture } from '../lib/exec.mjs';
import { conclude, inPairs } from '../lib/problems.mjs';
import { tarballOf, withWorkspaceDependencies } from '../lib/tarballs.mjs';
import { publicPackages } from '../lib/workspace.mjs';

/** Programs that use what is installed next to them. */
const PROGRAMS = join(import.meta.dirname, 'installed');

const packages = publicPackages();
const cli = packages.find(({ manifest }) => manifest.name === '@pwt/cli');
const scratch = mkdtempSync(join(tmpdir(), 'pwt-tarballs-'));
try {
  const together = await installed('together', packages, [
    ['node', 'version.mjs', `${cli?.manifest.version}`],
    importOf(packages),
    ['node', 'run-two-tasks.mjs'],
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
  cpSync(PROGRAMS, folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
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
