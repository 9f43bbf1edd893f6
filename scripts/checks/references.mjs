// Each package's tsconfig.json refers to the packages that its manifest depends on, so that `tsc -b` alone builds it, and
// no package goes through its own door.

import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { conclude } from '../lib/problems.mjs';
import { filesBelow, publicPackages, ROOT, readJson } from '../lib/workspace.mjs';

const packages = publicPackages();
const problems = packages.flatMap(({ folder, directory, manifest }) => {
  const path = join(directory, 'tsconfig.json');
  if (!existsSync(path)) return [`${folder}: there is no tsconfig.json`];
  const referred = foldersIn(path);
  const needed = packages
    .filter((other) => other.manifest.name in (manifest.dependencies ?? {}))
    .map((other) => basename(other.folder));
  return [
    ...needed.filter((name) => !referred.includes(name)).map((name) => `${path}: add a reference to ${name}`),
    ...referred
      .filter((name) => !needed.includes(name))
      .map((name) => `${path}: ${name} is not a dependency`),
  ];
});
const solution = foldersIn(join(ROOT, 'tsconfig.json'));
const missing = packages
  .filter(({ folder }) => !solution.includes(basename(folder)))
  .map(({ folder }) => `tsconfig.json: add a reference to ${folder}`);

const selfImports = packages.flatMap(({ directory, manifest: { name } }) =>
  filesBelow(join(directory, 'src'), (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((path) => new RegExp(`\\b(from|import)\\b\\s*\\(?'${name}['/]`).test(readFileSync(path, 'utf8')))
    .map((path) => `${relative(ROOT, path)}: imports its own package by name; name the file`),
);

conclude([...problems, ...missing, ...selfImports], `${packages.length} tsconfig.json`);

/**
 * @param {string} path
 * @returns {string[]}
 */
function foldersIn(path) {
  /** @type {{path: string}[]} */
  const references = readJson(path).references ?? [];
  return references.map((reference) => basename(reference.path));
}
