// No folder of a package imports from one that imports from it, by however many steps.

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { folderCircles } from '../lib/folder-circles.mjs';
import { conclude } from '../lib/problems.mjs';
import { filesBelow, publicPackages } from '../lib/workspace.mjs';

const packages = publicPackages();
const problems = packages.flatMap(({ folder, directory }) => {
  const sources = join(directory, 'src');
  const files = filesBelow(sources, (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const circles = folderCircles(
    files.map((path) => ({ path: relative(sources, path), text: readFileSync(path, 'utf8') })),
  );
  return circles.map((circle) => `${folder}/src: folders import each other in a circle: ${circle}`);
});
conclude(problems, `the folders of ${packages.length} packages`);
