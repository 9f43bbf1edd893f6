/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {boolean} counted Whether the step counted several things by itself.
 * @property {string} output
 * @property {number} durationMs
 * @property {readonly string[]} [notes]
 */

const { stdout } = process;
const color = stdout.isTTY && process.env.NO_COLOR === undefined;

/** @param {string} text */
const green = (text) => (color ? `\u001b[32m${text}\u001b[39m` : text);
/** @param {string} text */
const red = (text) => (color ? `\u001b[31m${text}\u001b[39m` : text);

/** What is at work, with the time of its start. @type {Map<string, number>} */
const working = new Map();

/** Writes the line of what is at work anew, or wipes it. */
function drawProgress() {
  const steps = [...working].map(([name, startedMs]) => `${name} ${seconds(Date.now() - startedMs)}`);
  stdout.write(`\r\u001b[K${steps.length === 0 ? '' : `· ${steps.join(', ')}`}`);
}

/**
 * Shows on a terminal that a step is at work, with its seconds, beside others; the returned function says that it has ended.
 *
 * @param {string} name
 * @returns {() => void}
 */
export function showProgress(name) {
  if (!stdout.isTTY) return () => {};
  working.set(name, Date.now());
  drawProgress();
  const timer = setInterval(drawProgress, 1000);
  return () => {
    clearInterval(timer);
    working.delete(name);
    drawProgress();
  };
}

/**
 * Prints the one line of a finished step with its notes below, and everything it printed if it failed.
 *
 * @param {string} name
 * @param {Outcome} outcome
 */
export function report(name, { passed, failed, counted, output, durationMs, notes = [] }) {
  const mark = failed === 0 ? green('✓') : red('✗');
  const numbers = counted ? `  ${summary({ passed, failed })}` : '';
  const line = `${mark} ${name.padEnd(24)} ${seconds(durationMs).padStart(8)}${numbers}`;
  const said = output.trimEnd();
  if (working.size > 0) stdout.write('\r\u001b[K');
  if (failed === 0) console.log(line);
  else console.log(said.includes('\n') ? `${line}\n${said}\n` : `${line}  ${said}`);
  for (const note of notes) console.log(`  ${note}`);
}

/** @param {{passed: number, failed: number}} tally */
export function summary({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/** @param {number} durationMs */
function seconds(durationMs) {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
