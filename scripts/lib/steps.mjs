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
 * @property {readonly string[]} [needs] Names of earlier steps without which this one has nothing to work on.
 * @property {boolean} [alone] Nothing runs beside it, and what comes after it in the table waits for it.
 * @property {Record<string, string>} [env]
 * @property {readonly string[]} [writes] Files and folders, relative to the root, that are removed before it starts.
 * @property {string} [results] The JSON file, relative to the root, in which the command says what it counted.
 * @property {(results: any) => Tally} [count] Reads that file. Without it the step counts as one.
 */

/** Most steps keep one core busy, and every machine that is in use has two. */
const LANES = 2;

/**
 * Runs the steps in their order, two at a time, and prints one line for each as it ends; a failed step shows all that it printed,
 * and the others run all the same unless they need the failed one.
 *
 * @param {readonly Step[]} steps
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Tally>} the sum over all steps
 */
export async function runSteps(steps, env) {
  /** @type {Map<string, Promise<boolean>>} whether each step that was begun went well */
  const begun = new Map();
  const total = { passed: 0, failed: 0 };
  const run = async (/** @type {Step} */ step) => {
    const needs = step.needs?.filter((name) => begun.has(name)) ?? [];
    const went = await Promise.all(needs.map((name) => begun.get(name)));
    const missing = needs.find((_, index) => went[index] === false);
    const outcome = missing === undefined ? await runStep(step, env) : notRun(missing);
    report(step.name, outcome);
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    return outcome.failed === 0;
  };

  /** @type {Set<Promise<unknown>>} */
  const running = new Set();
  for (const step of steps) {
    while (running.size >= (step.alone ? 1 : LANES)) await Promise.race(running);
    const ended = run(step);
    begun.set(step.name, ended);
    running.add(ended);
    const leave = () => running.delete(ended);
    ended.then(leave, leave);
    if (step.alone) await ended;
  }
  await Promise.all(begun.values());
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
