// The documentation says what the code does: every error code is explained.

import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { errorCodeProblems } from '../lib/error-codes.mjs';
import { conclude } from '../lib/problems.mjs';
import { filesBelow, publicPackages, ROOT } from '../lib/workspace.mjs';

const sources = publicPackages()
  .flatMap(({ directory }) => filesBelow(join(directory, 'src'), isSource))
  .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, 'utf8') }));
const document = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');

conclude(errorCodeProblems({ sources, document }), `${sources.length} sources against docs/errors.md`);

/** @param {string} name */
function isSource(name) {
  return name.endsWith('.ts') && !name.endsWith('.test.ts');
}
