import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pwtProgram } from '../../lib/programs.mjs';

const LIMITS = ['--max-cpu-percent', '100', '--max-memory-percent', '100', '--min-disk', '0'];

/**
 * @typedef {object} Seen
 * @property {number} landed How many tasks have landed.
 * @property {number} tookMs From the first event to the last.
 * @property {number} mostLanded The most worktrees that were landed and not removed at any time.
 * @property {number} mostWorktrees The most worktrees of tasks that were there at any time.
 * @property {number[]} startDelaysMs For each agent that ended while tasks waited: until the next one was dispatched.
 * @property {number} peakMegabytes The most memory that pwt itself has held, without its children; 0 where that is not known.
 */

/**
 * Runs pwt to its end and counts along.
 *
 * @param {readonly string[]} args
 * @param {{path: string, env: Record<string, string>}} repository
 * @returns {Promise<Seen>}
 * @throws Error if a task did not land
 */
export async function runWatched(args, { path, env }) {
  const command = [pwtProgram, 'run', '--json', ...LIMITS, ...args];
  const child = spawn(process.execPath, command, { cwd: path, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const worktrees = new Set();
  const landed = new Set();
  /** @type {number[]} */
  const freeSince = [];
  const seen = { landed: 0, mostLanded: 0, mostWorktrees: 0, startDelaysMs: /** @type {number[]} */ ([]) };
  let firstAt = 0;
  let lastAt = 0;
  let peakMegabytes = 0;
  const timer = setInterval(() => {
    peakMegabytes = Math.max(peakMegabytes, peakOf(child.pid));
  }, 500);
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    firstAt ||= event.at;
    lastAt = event.at;
    if (event.type === 'workspace-created') worktrees.add(event.taskId);
    if (event.type === 'landed') for (const id of event.taskIds) landed.add(id);
    if (event.type === 'landed') seen.landed += event.taskIds.length;
    if (event.type === 'workspace-removed') {
      worktrees.delete(event.taskId);
      landed.delete(event.taskId);
    }
    if (event.type === 'agent-exited') freeSince.push(event.at);
    if (event.type === 'task-dispatched') {
      const since = freeSince.shift();
      if (since !== undefined) seen.startDelaysMs.push(event.at - since);
    }
    seen.mostLanded = Math.max(seen.mostLanded, landed.size);
    seen.mostWorktrees = Math.max(seen.mostWorktrees, worktrees.size);
  }
  clearInterval(timer);
  const exitCode = child.exitCode ?? (await once(child, 'close'))[0];
  if (exitCode !== 0) throw new Error(`pwt ended with ${exitCode}; ${seen.landed} tasks landed`);
  return { ...seen, tookMs: lastAt - firstAt, peakMegabytes };
}

/** @param {number | undefined} pid */
function peakOf(pid) {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    // Not Linux, or it has just ended: what was read before stands.
    return 0;
  }
}
