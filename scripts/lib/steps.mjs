import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from './exec.mjs';
import { report, showProgress } from './report.mjs';
import { ROOT, readJson } from './workspace.mjs';

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {readonly string[]} [notes] What else is worth a line.
 */

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string} command One word per argument: it is split at spaces, no shell sees it.
 * @property {readonly string[]} [needs] Names of steps without which this one has nothing to work on.
 * @property {Record<string, string>} [env]
 * @property {readonly string[]} [writes] Files and folders, relative to the root, that are removed before it starts.
 * @property {string} [results] The JSON file, relative to the root, in which the command says what it counted.
 * @property {(results: any) => Tally} [count] Reads that file. Without it the step counts as one.
 */

/**
 * Runs the steps in order and prints one line for each; a failed step shows all that it printed, and the next one
 * runs all the same unless it needs the failed one.
 *
 * @param {readonly Step[]} steps
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Tally>} the sum over all steps
 */
export async function runSteps(steps, env) {
  /** @type {Set<string>} */
  const broken = new Set();
  const total = { passed: 0, failed: 0 };
  for (const step of steps) {
    const missing = step.needs?.find((name) => broken.has(name));
    const outcome = missing === undefined ? await runStep(step, env) : notRun(missing);
    report(step.name, outcome);
    if (outcome.failed > 0) broken.add(step.name);
    total.passed += outcome.passed;
    total.failed += outcome.failed;
  }
  return total;
}

/**
 * @param {Step} step
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import('./report.mjs').Outcome>}
 */
async function runStep(step, env) {
  for (const path of step.writes ?? []) rmSync(join(ROOT, path), { recursive: true, force: true });
  const done = showProgress(step.name);
  const { exitCode, output, durationMs } = await capture(step.command.split(' '), {
    cwd: ROOT,
    env: { ...env, ...step.env },
  });
  done();
  const tally = tallyOf(step, exitCode);
  return { ...tally, output, durationMs, counted: step.count !== undefined };
}

/**
 * A command that counts for itself and fails without naming a failure has still failed.
 *
 * @param {Step} step
 * @param {number} exitCode
 * @returns {Tally}
 */
function tallyOf(step, exitCode) {
  const single = { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1 };
  if (step.count === undefined || step.results === undefined) return single;
  const results = join(ROOT, step.results);
  if (!existsSync(results)) return { passed: 0, failed: 1 };
  const { failed, ...rest } = step.count(readJson(results));
  return { ...rest, failed: exitCode === 0 ? failed : Math.max(failed, 1) };
}

/**
 * @param {string} missing
 * @returns {import('./report.mjs').Outcome}
 */
function notRun(missing) {
  return {
    passed: 0,
    failed: 1,
    output: `not run: it needs "${missing}", which failed`,
    durationMs: 0,
    counted: false,
  };
}
