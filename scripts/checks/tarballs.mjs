// The packed packages work where nothing of this repository is: all together, and each one alone. Those that promise
// to run in a browser are bundled for one, and cost what their README says.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleForBrowser } from '../lib/browser-bundle.mjs';
import { capture } from '../lib/exec.mjs';
import { conclude, inPairs } from '../lib/problems.mjs';
import { dependencyProblems, sizeProblems } from '../lib/readme-figures.mjs';
import { tarballOf, withWorkspaceDependencies } from '../lib/tarballs.mjs';
import { isPure, publicPackages, readJson } from '../lib/workspace.mjs';

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
  const alone = await inPairs(packages, async (pkg) => {
    const name = pkg.folder.replace('/', '-');
    const problems = await installed(name, withWorkspaceDependencies(pkg), [importOf([pkg])]);
    return problems.length === 0 && isPure(pkg) ? inBrowser(pkg, join(scratch, name)) : problems;
  });
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
 * Bundles all of an installed package for a browser.
 *
 * @param {import('../lib/workspace.mjs').WorkspacePackage} pkg
 * @param {string} folder where it is installed alone
 * @returns {Promise<string[]>} what went wrong, and what its README says otherwise
 */
async function inBrowser({ folder: name, directory, manifest }, folder) {
  const contents = `import * as all from '${manifest.name}'; globalThis.all = all;`;
  const bundle = await bundleForBrowser(contents, { resolveDir: folder }).catch((error) => error);
  if (bundle instanceof Error) return [`${name}: cannot be bundled for a browser\n${bundle.message}`];
  const readme = readFileSync(join(directory, 'README.md'), 'utf8');
  const installed = Object.keys(readJson(join(folder, 'package-lock.json')).packages)
    .map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
    .filter((dependency) => dependency !== '' && dependency !== manifest.name);
  return [...sizeProblems(readme, bundle), ...dependencyProblems(readme, installed)].map(
    (problem) => `${name}: ${problem}`,
  );
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
