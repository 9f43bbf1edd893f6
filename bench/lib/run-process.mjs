import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** How often it is looked whether the process is to be killed. */
const LOOK_MS = 10;

/**
 * @typedef {object} Ended
 * @property {number} ms From the start of the process to its end.
 * @property {number | string} exit The exit code, the signal, or `timed out`.
 * @property {string} output What it printed.
 */

/**
 * Runs a program as a shell does: in a process group of its own, until it ends. What it prints goes to a file, as children
 * that outlive it would keep a pipe open.
 *
 * @param {readonly [string, ...string[]]} command
 * @param {object} options
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} options.env
 * @param {string} options.logFile
 * @param {number} options.timeoutMs Then its process group is killed.
 * @param {() => boolean} [options.killWhen] Its process group is killed as soon as this is true.
 * @returns {Promise<Ended>}
 */
export async function runProcess([program, ...args], { cwd, env, logFile, timeoutMs, killWhen }) {
  const log = openSync(logFile, 'w');
  const startedMs = performance.now();
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let timedOut = false;
  const timeout = setTimeout(() => {
    timedOut = true;
    killGroup(child.pid);
  }, timeoutMs);
  const look = killWhen && setInterval(() => killWhen() && killGroup(child.pid), LOOK_MS);
  try {
    const exit = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? signal));
    });
    const ms = performance.now() - startedMs;
    return { ms, exit: timedOut ? 'timed out' : exit, output: readFileSync(logFile, 'utf8') };
  } finally {
    clearTimeout(timeout);
    clearInterval(look);
  }
}

/** @param {number | undefined} pid of the leader of the group */
function killGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It has ended on its own.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}
