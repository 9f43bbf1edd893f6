// No folder of a package imports from one that imports from it, by however many steps.

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { folderCycles } from '../lib/folder-cycles.mjs';
import { conclude } from '../lib/problems.mjs';
import { filesBelow, publicPackages } from '../lib/workspace.mjs';

const packages = publicPackages();
const problems = packages.flatMap(({ folder, directory }) => {
  const sources = join(directory, 'src');
  const files = filesBelow(sources, (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const cycles = folderCycles(
    files.map((path) => ({ path: relative(sources, path), text: readFileSync(path, 'utf8') })),
  );
  return cycles.map((cycle) => `${folder}/src: folders import each other in a cycle: ${cycle}`);
});
conclude(problems, `the folders of ${packages.length} packages`);
