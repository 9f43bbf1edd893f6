import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * What a careful person would type for each task, one after the other, without pwt.
 *
 * @param {object} options
 * @param {{path: string, parent: string, env: Record<string, string>}} options.repository
 * @param {readonly string[]} options.tasks
 * @param {readonly [string, ...string[]]} options.command
 */
export function runByHand({ repository: { path, parent, env }, tasks, command: [command, ...args] }) {
  const git = (/** @type {string[]} */ ...words) =>
    execFileSync('git', words, { cwd: path, env, stdio: 'pipe' });
  for (const task of tasks) {
    const worktree = join(parent, `task-${task}`);
    git('worktree', 'add', '--quiet', '-b', task, worktree);
    execFileSync(command, args, { cwd: worktree, env: { ...env, PWT_TASK_ID: task }, stdio: 'pipe' });
    git('merge', '--quiet', '--no-ff', '--no-edit', task);
    git('worktree', 'remove', worktree);
    git('branch', '--quiet', '-d', task);
  }
}
