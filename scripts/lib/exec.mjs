import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';

/**
 * @typedef {object} Execution
 * @property {number} exitCode 127 when the command could not be started, 128 when a signal ended it.
 * @property {string} output Standard output and standard error, in the order in which they came.
 * @property {number} durationMs
 */

/**
 * Runs a command to its end, with closed standard input, and keeps what it printed. Never throws for a command
 * that fails or is missing: the exit code and the output say so.
 *
 * @param {readonly string[]} argv
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv}} options
 * @returns {Promise<Execution>}
 */
export async function capture([command = '', ...args], { cwd, env }) {
  const startedMs = performance.now();
  /** @type {Buffer[]} */
  const chunks = [];
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  const exitCode = await endOf(child).catch((error) => {
    chunks.push(Buffer.from(`${error.message}\n`));
    return 127;
  });
  return { exitCode, output: Buffer.concat(chunks).toString(), durationMs: performance.now() - startedMs };
}

/**
 * Runs a command on the caller's own terminal.
 *
 * @param {readonly string[]} argv
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv}} options
 * @returns {Promise<number>} the exit code
 */
export function passThrough([command = '', ...args], { cwd, env }) {
  return endOf(spawn(command, args, { cwd, env, stdio: 'inherit' }));
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
async function endOf(child) {
  const [exitCode] = await once(child, 'close');
  return exitCode ?? 128;
}
