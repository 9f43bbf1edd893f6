import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processesIn } from './processes.mjs';
import { git, runDemo } from './programs.mjs';

const FAILS_AS_PLANNED = '8';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pwt-quickstart-')));
try {
  const { asPlanned, result } = runDemo(folder);
  for (const { taskId, title, status } of result.tasks) console.log(`${taskId}  ${status.padEnd(8)}${title}`);
  assert.equal(asPlanned, true);

  const project = join(folder, 'textkit');
  const landed = result.tasks.filter(({ status }) => status === 'landed');
  assert.equal(landed.length, 7);
  const onMain = git(project, 'rev-list', 'main');
  for (const { taskId, commit } of landed)
    assert.ok(onMain.includes(String(commit)), `task ${taskId} is on main`);

  const failed = result.tasks.filter(({ status }) => status !== 'landed');
  assert.deepEqual(
    failed.map(({ taskId, status }) => [taskId, status]),
    [[FAILS_AS_PLANNED, 'failed']],
  );
  const [{ reason, worktree, branch } = {}] = failed;
  assert.match(String(reason), /Klingon/);
  assert.ok(existsSync(String(worktree)), 'the failed task keeps its worktree');

  assert.deepEqual(worktreesOf(project), [project, worktree]);
  assert.deepEqual(git(project, 'for-each-ref', '--format=%(refname:short)', 'refs/heads'), [branch, 'main']);
  assert.deepEqual(processesIn(folder), []);
  console.log(
    `\nOf the ${landed.length} landed tasks nothing is left but their work; task ${FAILS_AS_PLANNED} can be looked at.`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {string} project
 * @returns {string[]} absolute paths, the checkout first
 */
function worktreesOf(project) {
  const lines = git(project, 'worktree', 'list', '--porcelain');
  return lines.filter((line) => line.startsWith('worktree ')).map((line) => line.slice('worktree '.length));
}
