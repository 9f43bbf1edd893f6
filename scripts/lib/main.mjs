import { requireUsableMachine } from './machine.mjs';
import { report, summary } from './report.mjs';
import { runSteps } from './steps.mjs';
import { toolbox } from './toolbox.mjs';

/**
 * Runs the steps on this machine and prints the total as the last line.
 *
 * @param {readonly import('./steps.mjs').Step[]} steps
 * @returns {Promise<boolean>} whether all went well
 */
export async function runAll(steps) {
  const total = await tallyOf(steps);
  console.log(summary(total));
  return total.failed === 0;
}

/**
 * Runs the steps without a word beyond their lines, and ends the process where one fails.
 *
 * @param {readonly import('./steps.mjs').Step[]} steps
 */
export async function requireAll(steps) {
  const { failed } = await tallyOf(steps);
  if (failed > 0) process.exit(1);
}

/**
 * @param {readonly import('./steps.mjs').Step[]} steps
 * @returns {Promise<import('./steps.mjs').Tally>}
 */
async function tallyOf(steps) {
  requireUsableMachine();
  const tools = await toolbox();
  if ('env' in tools) return runSteps(steps, tools.env);
  report('tools', { passed: 0, failed: 1, counted: false, output: tools.problem, durationMs: 0 });
  return { passed: 0, failed: 1 };
}
