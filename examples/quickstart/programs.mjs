import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const manifest = new URL(import.meta.resolve('@pwt/cli/package.json'));
const pwt = fileURLToPath(new URL(JSON.parse(readFileSync(manifest, 'utf8')).bin.pwt, manifest));

/**
 * Runs the demo in an empty folder; once, because nothing is to be compared here.
 *
 * @param {string} folder
 * @returns {{asPlanned: boolean, result: {tasks: import('@pwt/core').TaskOutcome[]}}}
 */
export function runDemo(folder) {
  return JSON.parse(
    execFileSync(process.execPath, [pwt, 'demo', '--json', '--no-compare', folder], { encoding: 'utf8' }),
  );
}

/**
 * Lines that a git command prints.
 *
 * @param {string} cwd
 * @param {readonly string[]} args
 * @returns {string[]}
 */
export function git(cwd, ...args) {
  return execFileSync('git', args, { cwd, encoding: 'utf8' }).trimEnd().split('\n');
}
