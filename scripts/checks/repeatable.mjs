// What runs here runs the same everywhere: random tests have a seed, and the lockfile names contents, not servers.

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { conclude } from '../lib/problems.mjs';
import { filesBelow, ROOT } from '../lib/workspace.mjs';

const tests = ['packages', 'plugins', 'examples', 'bench'].flatMap((group) =>
  filesBelow(join(ROOT, group), (name) => /\.test\.m?ts$/.test(name)),
);
const unseeded = tests
  .filter((path) => {
    const text = readFileSync(path, 'utf8');
    return /\bfc\.(assert|check|sample)\(/.test(text) && !/\bseed\b/i.test(text);
  })
  .map((path) => `${relative(ROOT, path)}: give the random test a fixed seed`);

const addresses = readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8')
  .split('\n')
  .flatMap((line, index) =>
    /https?:|tarball:/.test(line) ? [`pnpm-lock.yaml:${index + 1}: ${line.trim()}`] : [],
  );

conclude([...unseeded, ...addresses], `${tests.length} test files and the lockfile`);
