// The documentation says what the code does: every error code is explained, a package's README shows what is exported
// for outsiders alone, and every link leads somewhere.

import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brokenLinks, unknownFiles } from '../lib/broken-links.mjs';
import { errorCodeProblems } from '../lib/error-codes.mjs';
import { conclude } from '../lib/problems.mjs';
import { filesBelow, publicPackages, ROOT, workspacePackages } from '../lib/workspace.mjs';

const sources = publicPackages()
  .flatMap(({ directory }) => filesBelow(join(directory, 'src'), isSource))
  .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') }));
const document = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');

const pages = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'].map((name) => join(ROOT, name)),
  ...workspacePackages().map(({ directory }) => join(directory, 'README.md')),
  ...filesBelow(join(ROOT, 'docs'), (name) => name.endsWith('.md')),
].filter((path) => existsSync(path));

const files = ['packages', 'plugins', 'scripts'].flatMap((group) =>
  filesBelow(join(ROOT, group), () => true),
);
const architecture = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');

const problems = [
  ...errorCodeProblems({ sources, document }),
  ...publicPackages().flatMap(publicNameProblems),
  ...pages.flatMap((path) => brokenLinks({ path, text: readFileSync(path, 'utf8'), root: ROOT })),
  ...unknownFiles(architecture, files).map((name) => `ARCHITECTURE.md: there is no ${name}`),
];
conclude(
  problems,
  `${sources.length} sources against docs/errors.md and the READMEs, links of ${pages.length} pages`,
);

/**
 * Knip finds exports that no other package imports, but for those tagged `@public`.
 *
 * @param {import('../lib/workspace.mjs').WorkspacePackage} pkg
 */
function publicNameProblems({ manifest, directory }) {
  const index = readFileSync(join(directory, 'src/index.ts'), 'utf8');
  const readme = readFileSync(join(directory, 'README.md'), 'utf8');
  const tagged = index.matchAll(/\/\*\* @public \*\/\s+(?:export \{([^}]*)\}|(\w+))/g);
  return [...tagged]
    .flatMap(([, list, one]) => (list ?? one ?? '').split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '' && !entry.startsWith('type ') && !readme.includes(entry))
    .map(
      (entry) =>
        `${manifest.name}: ${entry} is exported for outsiders (@public), but the README does not show it`,
    );
}

/** @param {string} name */
function isSource(name) {
  return name.endsWith('.ts') && !name.endsWith('.test.ts');
}
