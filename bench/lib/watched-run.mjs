import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { readUsage } from './process-times.mjs';
import { pwtProgram } from './programs.mjs';

/** @typedef {import('@pwt/core').RunEvent} RunEvent */

/**
 * @typedef {object} WatchedRun
 * @property {RunEvent[]} events
 * @property {number} tookMs From the start of the process to its end.
 * @property {number} ownCpuMs CPU time of pwt itself.
 * @property {number} childrenCpuMs CPU time of what it has started: git, and local agents and gates.
 * @property {number} peakMegabytes Memory of pwt itself.
 */

/**
 * Runs `pwt run` to its end.
 *
 * @param {object} project
 * @param {string} project.cwd
 * @param {NodeJS.ProcessEnv} project.env
 * @param {(event: RunEvent) => void} [project.onEvent]
 * @param {readonly number[]} [exitCodes] Those that are expected.
 * @returns {Promise<WatchedRun>}
 */
export async function watchedRun({ cwd, env, onEvent = () => undefined }, exitCodes = [0]) {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [pwtProgram, 'run', '--yes', '--json'], {
    ...{ cwd, env, stdio: ['ignore', 'pipe', 'inherit'] },
  });
  const closed = once(child, 'close');
  let usage = { ownCpuMs: 0, childrenCpuMs: 0, peakMegabytes: 0 };
  const timer = setInterval(() => {
    const now = readUsage(child.pid) ?? usage;
    // One that has just ended has no memory any more.
    usage = { ...now, peakMegabytes: Math.max(usage.peakMegabytes, now.peakMegabytes) };
  }, 50);
  /** @type {RunEvent[]} */
  const events = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line);
      events.push(event);
      onEvent(event);
    }
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearInterval(timer);
  }
  const [code] = await closed;
  const tookMs = performance.now() - startedMs;
  if (!exitCodes.includes(code)) throw new Error(`pwt ended with ${code}`);
  return { events, tookMs, ...usage };
}
