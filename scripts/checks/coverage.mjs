// At least 85 % of the lines of `packages/` run in the tests, or in the programs that the tests start. The
// argument is the folder in which these programs left their coverage.

import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { lineCoverage, percentCovered } from '../lib/line-coverage.mjs';
import { conclude } from '../lib/problems.mjs';
import { statementsRunInPrograms } from '../lib/program-coverage.mjs';
import { ROOT, readJson } from '../lib/workspace.mjs';

const MINIMUM_PERCENT = 85;

const [programs = ''] = process.argv.slice(2);
const report = join(ROOT, 'coverage/vitest.json');
if (!existsSync(report)) {
  conclude(['coverage/vitest.json is missing: run the tests with --coverage'], '');
} else {
  const files = lineCoverage(readJson(report), statementsRunInPrograms(programs));
  for (const [name, members] of byPackage(files)) {
    console.log(`${name.padEnd(28)} ${percentCovered(members).toFixed(1).padStart(5)} %`);
  }
  const percent = percentCovered(files);
  const said = `${percent.toFixed(1)} % of the lines of packages/ are covered, at least ${MINIMUM_PERCENT} % are wanted`;
  conclude(percent < MINIMUM_PERCENT ? [...worst(files), said] : [], said);
}

/** @param {readonly import('../lib/line-coverage.mjs').FileLines[]} files */
function byPackage(files) {
  /** @type {Map<string, import('../lib/line-coverage.mjs').FileLines[]>} */
  const groups = new Map();
  for (const file of files) {
    const name = relative(ROOT, file.path).split('/').slice(0, 2).join('/');
    groups.set(name, [...(groups.get(name) ?? []), file]);
  }
  return groups;
}

/** @param {readonly import('../lib/line-coverage.mjs').FileLines[]} files */
function worst(files) {
  return files
    .toSorted((a, b) => b.missed.length - a.missed.length)
    .slice(0, 10)
    .map(
      ({ path, missed, total }) => `${relative(ROOT, path)}: ${missed.length} of ${total} lines never ran`,
    );
}
