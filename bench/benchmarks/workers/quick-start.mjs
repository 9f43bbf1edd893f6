import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {import('@pwt/core').RunEvent} RunEvent */

const assets = fileURLToPath(new URL('demo/', import.meta.resolve('@pwt/cli/package.json')));

/** The scripted agent of `pwt demo`. @type {[string, string]} */
export const AGENT = [process.execPath, join(assets, 'agent.mjs')];
/** The tests of its program. */
export const GATE = `${JSON.stringify(process.execPath)} test/all.js`;

const PEOPLE = { name: 'pwt bench', email: 'bench@pwt.invalid' };

/**
 * The repository of `pwt demo`, ready for `pwt run`.
 *
 * @param {Readonly<Record<string, unknown>>} config
 */
export function openQuickStart(config) {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-bench-quick-start-'));
  const path = join(folder, 'textkit');
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync('git', args, { cwd: path, encoding: 'utf8' }).trimEnd();
  cpSync(join(assets, 'quickstart'), path, { recursive: true });
  const limits = { maxCpuPercent: 100, maxMemoryPercent: 100, minDisk: 0, retries: 0 };
  const written = { agent: { command: AGENT }, gate: GATE, ...limits, ...config };
  writeFileSync(join(path, 'pwt.config.json'), JSON.stringify(written));
  // What is not the same for both would be another tree.
  writeFileSync(join(path, '.gitignore'), 'pwt.config.json\n');
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', PEOPLE.name);
  git('config', 'user.email', PEOPLE.email);
  git('add', '--all');
  git('commit', '--quiet', '--message=A small program with a backlog');
  return { path, git, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Milliseconds from the first dispatch to the last landing.
 *
 * @param {readonly RunEvent[]} events
 */
export function makespan(events) {
  const at = (/** @type {RunEvent['type']} */ type) =>
    events.filter((event) => event.type === type).map((event) => event.at);
  return Math.max(...at('landed')) - Math.min(...at('task-dispatched'));
}

/**
 * How each task has ended, and the tree that came of all of them.
 *
 * @param {{git: (...args: string[]) => string}} project
 * @param {readonly RunEvent[]} events
 */
export function outcomeOf({ git }, events) {
  const ended = events.flatMap((event) => (event.type === 'task-finished' ? `${event.taskId} failed` : []));
  const landed = events.flatMap((event) =>
    event.type === 'landed' ? event.taskIds.map((id) => `${id} landed`) : [],
  );
  return [...landed, ...ended, git('rev-parse', 'main^{tree}')].sort().join('\n');
}
