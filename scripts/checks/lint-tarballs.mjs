// What importers find in each packed package: its entries are there, and their types.

import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { conclude } from '../lib/problems.mjs';
import { tarballOf } from '../lib/tarballs.mjs';
import { publicPackages } from '../lib/workspace.mjs';

/** The packages are ES modules, and name their entries in `exports`: who resolves otherwise finds nothing, and is to. */
const OTHER_RESOLUTIONS = ['node10', 'node16-cjs'];

const packages = publicPackages();
/** @type {string[]} */
const problems = [];
for (const pkg of packages) {
  const tarball = Uint8Array.from(readFileSync(tarballOf(pkg)));
  for (const problem of [...(await entryProblems(tarball.buffer)), ...(await typeProblems(tarball))])
    problems.push(`${pkg.folder}: ${problem}`);
}

conclude(problems, `${packages.length} tarballs`);

/**
 * @param {ArrayBuffer} tarball
 * @returns {Promise<string[]>}
 */
async function entryProblems(tarball) {
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true, level: 'error' });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

/**
 * @param {Uint8Array} tarball
 * @returns {Promise<string[]>}
 */
async function typeProblems(tarball) {
  const result = await checkPackage(createPackageFromTarballData(tarball));
  if (result.types === false) return ['types resolution: the tarball does not contain types'];
  return result.problems
    .filter((problem) => !('resolutionKind' in problem && OTHER_RESOLUTIONS.includes(problem.resolutionKind)))
    .map((problem) => `types resolution: ${JSON.stringify({ ...problem, trace: undefined })}`);
}
