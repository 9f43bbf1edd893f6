// The packed packages work where nothing of this repository is: together, as npm installs them, and each one alone, where it
// finds what its manifest names and nothing else. Those that promise to run in a browser are bundled for one, and cost what
// their README says.

import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleForBrowser } from '../lib/browser-bundle.mjs';
import { cleanEnvironment } from '../lib/env.mjs';
import { capture } from '../lib/exec.mjs';
import { conclude, inPairs } from '../lib/problems.mjs';
import { dependencyProblems, sizeProblems } from '../lib/readme-figures.mjs';
import { tarballOf } from '../lib/tarballs.mjs';
import { isPure, publicPackages, readJson } from '../lib/workspace.mjs';

/** Programs that use what is installed next to them. */
const PROGRAMS = join(import.meta.dirname, 'installed');

const packages = publicPackages();
const cli = packages.find(({ manifest }) => manifest.name === '@pwt/cli');
const scratch = mkdtempSync(join(tmpdir(), 'pwt-libraries-'));
try {
  conclude([...(await together()), ...(await eachAlone())], `${packages.length} packages together and alone`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** All of them in one project, as the README says. */
async function together() {
  const folder = join(scratch, 'together');
  cpSync(PROGRAMS, folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  return problemsOf('together', folder, [
    ['npm', 'install', '--prefer-offline', ...packages.map((pkg) => tarballOf(pkg))],
    ['node', 'version.mjs', `${cli?.manifest.version}`],
    ...packages
      .flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}))
      .map((program) => ['npx', '--no', '--', program, '--help']),
    ['node', '--input-type=module', '-e', importOf(packages)],
    ['node', 'run-two-tasks.mjs'],
  ]);
}

/** Each with its own dependencies only, as pnpm lays them out without hoisting. */
async function eachAlone() {
  const folder = join(scratch, 'alone');
  const files = Object.fromEntries(packages.map((pkg) => [pkg.manifest.name, `file:${tarballOf(pkg)}`]));
  cpSync(PROGRAMS, folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: files }));
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), JSON.stringify({ hoist: false, overrides: files }));
  const install = ['pnpm', 'install', '--prefer-offline', '--ignore-scripts'];
  const problems = await problemsOf('alone', folder, [install]);
  if (problems.length > 0) return problems;
  const found = await inPairs(packages, async (pkg) => {
    const place = realpathSync(join(folder, 'node_modules', pkg.manifest.name));
    const imported = await problemsOf(pkg.folder, place, [
      ['node', '--input-type=module', '-e', importOf([pkg])],
    ]);
    return imported.length === 0 && isPure(pkg) ? inBrowser(pkg, place) : imported;
  });
  return found.flat();
}

/**
 * @param {string} name
 * @param {string} folder
 * @param {readonly (readonly string[])[]} commands
 * @returns {Promise<string[]>} what went wrong
 */
async function problemsOf(name, folder, commands) {
  /** @type {string[]} */
  const problems = [];
  for (const command of commands) {
    const { exitCode, output } = await capture(command, { cwd: folder, env: cleanEnvironment() });
    if (exitCode !== 0) problems.push(`${name}: ${command.join(' ')}\n${output}`);
  }
  return problems;
}

/**
 * Bundles all of an installed package for a browser.
 *
 * @param {import('../lib/workspace.mjs').WorkspacePackage} pkg
 * @param {string} place where it is installed
 * @returns {Promise<string[]>} what went wrong, and what its README says otherwise
 */
async function inBrowser({ folder: name, directory, manifest }, place) {
  const contents = `import * as all from '${manifest.name}'; globalThis.all = all;`;
  const bundle = await bundleForBrowser(contents, { resolveDir: place }).catch((error) => error);
  if (bundle instanceof Error) return [`${name}: cannot be bundled for a browser\n${bundle.message}`];
  const readme = readFileSync(join(directory, 'README.md'), 'utf8');
  const needed = [...dependenciesBelow(place, manifest.name)];
  return [...sizeProblems(readme, bundle), ...dependencyProblems(readme, needed)].map(
    (problem) => `${name}: ${problem}`,
  );
}

/**
 * The names of what an installed package needs, directly or not.
 *
 * @param {string} place
 * @param {string} name
 * @param {Set<string>} [found]
 * @returns {Set<string>}
 */
function dependenciesBelow(place, name, found = new Set()) {
  const siblings = place.slice(0, -name.length);
  for (const dependency of Object.keys(readJson(join(place, 'package.json')).dependencies ?? {})) {
    const installed = join(siblings, dependency);
    if (found.has(dependency) || !existsSync(installed)) continue;
    found.add(dependency);
    dependenciesBelow(realpathSync(installed), dependency, found);
  }
  return found;
}

/**
 * A program that loads each entry point of the packages.
 *
 * @param {readonly import('../lib/workspace.mjs').WorkspacePackage[]} members
 */
function importOf(members) {
  const entries = members.flatMap(({ manifest }) =>
    Object.keys(manifest.exports ?? {})
      .filter((subpath) => !subpath.endsWith('.json'))
      .map((subpath) => manifest.name + subpath.slice(1)),
  );
  return entries.map((entry) => `await import(${JSON.stringify(entry)});`).join('\n');
}
