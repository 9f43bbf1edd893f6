import assert from 'node:assert/strict';
import { git, processesIn } from './programs.mjs';

const FAILS_AS_PLANNED = '8';

/**
 * Seven tasks are on main, and one has failed as planned.
 *
 * @param {{tasks: readonly {taskId: string, status: string, reason?: string}[], output: string}} run
 * @param {string} project
 * @param {string | undefined} killed
 */
export function checkOutcome({ tasks, output }, project, killed) {
  assert.ok(killed !== undefined, 'a worker was killed');
  assert.match(output, new RegExp(`${killed} was lost`), 'the run has noticed');
  const landed = tasks.filter(({ status }) => status === 'landed');
  assert.equal(landed.length, 7, output);
  const failed = tasks.filter(({ status }) => status !== 'landed');
  assert.deepEqual(
    failed.map(({ taskId, status }) => [taskId, status]),
    [[FAILS_AS_PLANNED, 'failed']],
  );
  assert.match(String(failed[0]?.reason), /Klingon/);
  const onMain = git(project, 'log', '--format=%(trailers:key=Pwt-Task,valueonly,separator=%x2C)', 'main');
  const ids = onMain.filter((id) => id !== '').sort();
  assert.deepEqual(ids, landed.map(({ taskId }) => taskId).sort(), 'each has landed once');
}

/**
 * Of the run there is no process, and no ref on the exchange.
 *
 * @param {string} folder
 * @param {string} exchange
 */
export function checkNothingLeft(folder, exchange) {
  assert.deepEqual(git(exchange, 'for-each-ref', '--format=%(refname)'), []);
  assert.deepEqual(processesIn(folder), []);
}

/**
 * @param {string} project
 * @param {string} alone
 */
export function checkSameTree(project, alone) {
  const [here, there] = [alone, project].map((root) => git(root, 'rev-parse', 'main^{tree}')[0]);
  assert.equal(there, here, 'the same files as of a run without workers');
}
