import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demo, git, pwt, start } from './programs.mjs';

export const agent = [process.execPath, join(demo, 'agent.mjs')];
export const gate = 'node test/all.js';

/**
 * The project of the quick start, a repository of its own.
 *
 * @param {string} root
 */
export function prepareProject(root) {
  cpSync(join(demo, 'quickstart'), root, { recursive: true });
  git(root, 'init', '--quiet', '--initial-branch=main');
  git(root, 'config', 'user.name', 'Example');
  git(root, 'config', 'user.email', 'example@pwt.invalid');
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message=A small program with a backlog');
}

/**
 * Runs all specs of a project. Its configuration is beside it: what is committed stays as it was.
 *
 * @param {string} root
 * @param {{env: NodeJS.ProcessEnv, plugins?: readonly unknown[], onLine?: (line: string) => void}} options
 * @returns {Promise<{tasks: import('@pwt/core').TaskOutcome[], tookMs: number, output: string}>}
 */
export async function runProject(root, { env, plugins = [], onLine = () => undefined }) {
  const config = `${root}.pwt.json`;
  const limits = { maxInstances: 3, maxCpuPercent: 100, maxMemoryPercent: 100, minDisk: 0 };
  writeFileSync(
    config,
    JSON.stringify({ plugins, agent: { command: agent }, gate, ...limits }, undefined, 2),
  );
  const since = performance.now();
  const run = start([process.execPath, pwt, 'run', '--yes', '--config', config], { cwd: root, env, onLine });
  const code = await run.ended;
  const tookMs = performance.now() - since;
  const output = run.output();
  // 1: that a task has failed, as planned.
  if (code !== 1) throw new Error(`pwt run has ended with ${code}:\n${output}`);
  const status = start([process.execPath, pwt, 'status', '--json', '--config', config], { cwd: root, env });
  await status.ended;
  return { tasks: JSON.parse(status.output()).tasks, tookMs, output };
}
