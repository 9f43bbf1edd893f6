import assert from 'node:assert/strict';
import { isAbsolute } from 'node:path';
import { hasCode, isPwtError, type Workspace } from '@pwt/core';
import { assertAborted } from './abort-checks.js';
import { type TestRunner, using } from './runner.js';
import { workspaceCollectTests } from './workspace-collect-tests.js';
import { workspaceMachineTests } from './workspace-machine-tests.js';
import { workspaceMoveTests } from './workspace-move-tests.js';
import { workspacePrepareTests } from './workspace-prepare-tests.js';
import {
  collect,
  create,
  type WorkspaceProviderHarness,
  type WorkspaceTest,
} from './workspace-provider-harness.js';
import { workspaceRemovalTests } from './workspace-removal-tests.js';

/** Proves that a `WorkspaceProvider` keeps its contract. */
export function workspaceProviderSuite(
  runner: TestRunner,
  open: () => Promise<WorkspaceProviderHarness>,
): void {
  const test: WorkspaceTest = (name, body) => void runner.test(name, () => using(open, body));

  runner.describe('a workspace provider', () => {
    test('has a name for messages and for its workspaces', async ({ provider }) => {
      assert.ok(provider.name, '`name` must be a word or two that messages can show');
    });

    test('makes nothing for an aborted request', async (harness) => {
      const { provider, base } = harness;
      const request = { runId: 'run-1', taskId: '1', title: 'Task 1', base };
      await assertAborted('create()', (abortSignal) => provider.create({ ...request, abortSignal }));
      await assertAborted('scratch()', (abortSignal) =>
        provider.scratch({ runId: 'run-1', commit: base, abortSignal }),
      );
      assert.deepEqual(await provider.list(), [], 'an aborted request must leave no workspace behind');
      const workspace = await create(harness);
      await harness.write(workspace, 'new.txt', 'work\n');
      const changes = await provider.changes(workspace);
      await assertAborted('collect()', (abortSignal) =>
        provider.collect({ workspace, message: 'Left over', abortSignal }),
      );
      assert.deepEqual(
        await provider.changes(workspace),
        changes,
        'an aborted collect() must change nothing',
      );
      const { committedLeftovers } = await collect(provider, workspace);
      assert.equal(committedLeftovers, true, 'an aborted collect() must not have committed anything');
    });

    test('says what its set-up did, if it has one, and only when it did it', async (harness) => {
      const request = { runId: 'run-1', taskId: '1', title: 'Task 1', base: harness.base };
      const { setup } = await harness.provider.create(request);
      if (setup !== undefined) {
        assert.ok(setup.durationMs >= 0, `\`setup.durationMs\` must be 0 or more, not ${setup.durationMs}`);
        assert.ok(isAbsolute(setup.logFile), `\`setup.logFile\` must be absolute, not ${setup.logFile}`);
      }
      assert.equal(
        'setup' in (await harness.provider.create(request)),
        false,
        'a workspace that was there already must come without `setup`: nothing was set up',
      );
    });

    test('makes a workspace with the files of its base, as plain data', async (harness) => {
      const workspace = await create(harness);
      assert.deepEqual(
        JSON.parse(JSON.stringify(workspace)),
        workspace,
        'a workspace must be plain data that survives JSON: it is written to the journal',
      );
      assert.equal(workspace.provider, harness.provider.name, '`provider` must be the name of the provider');
      assert.equal(workspace.kind, 'task', '`kind` of the workspace of a task must be "task"');
      assert.equal(workspace.taskId, '1', '`taskId` must be that of the request');
      assert.equal(workspace.base, harness.base, '`base` must be that of the request');
      assert.equal(
        await harness.read(workspace, 'README.md'),
        (await harness.filesOf(harness.base))['README.md'],
        'the workspace must hold the files of its base',
      );
    });

    test('says beforehand whether workspaces can be made, and makes none for it', async (harness) => {
      if (harness.provider.check === undefined) return;
      await harness.provider.check();
      await harness.provider.check();
      assert.deepEqual(await harness.provider.list(), [], 'check() must make no workspace');
    });

    test('finds the workspace of the same run and task again, with the work in it', async (harness) => {
      const first = await create(harness);
      await harness.write(first, 'new.txt', 'work\n');
      const { workspace: again } = await (await harness.reopen()).create({
        runId: 'run-1',
        taskId: '1',
        title: 'Task 1',
        base: harness.base,
      });
      assert.deepEqual(again, first, 'create() must find the workspace of the same run and task again');
      assert.equal(
        await harness.read(again, 'new.txt'),
        'work\n',
        'create() that finds a workspace must leave the work in it',
      );
    });

    test('refuses to take over the workspace of another run, and leaves it alone', async (harness) => {
      const first = await create(harness);
      await harness.write(first, 'new.txt', 'work\n');
      await assert.rejects(
        create(harness, '1', 'run-2'),
        (error) => hasCode(error, 'PWT_WORKTREE_EXISTS') || hasCode(error, 'PWT_BRANCH_EXISTS'),
        'what another run has made must be refused with PWT_WORKTREE_EXISTS or PWT_BRANCH_EXISTS',
      );
      assert.equal(
        await harness.read(first, 'new.txt'),
        'work\n',
        'a workspace that is refused to another run must be left as it is',
      );
    });

    test('gives tasks separate places', async (harness) => {
      const [a, b] = await Promise.all([create(harness, '1'), create(harness, '2')]);
      await harness.write(a, 'new.txt', 'a\n');
      assert.equal(
        await harness.read(b, 'new.txt'),
        undefined,
        'what one task writes must not be seen in the workspace of another',
      );
      assert.notEqual(a.id, b.id, '`id` must be unique within the repository');
    });

    workspaceCollectTests(test);
    workspaceRemovalTests(test);
    workspaceMoveTests(test);
    workspacePrepareTests(test);
    workspaceMachineTests(test);

    test('lists its own workspaces, by run and in all', async (harness) => {
      const one = await create(harness, '1', 'run-1');
      const two = await create(harness, '2', 'run-2');
      const reopened = await harness.reopen();
      assert.deepEqual(
        await reopened.list({ runId: 'run-2' }),
        [two],
        'list({ runId }) must give the workspaces of that run, and no other',
      );
      assert.deepEqual(
        [...(await reopened.list())].sort(byId),
        [one, two].sort(byId),
        'list() must give the workspaces of all runs',
      );
    });

    test('makes scratch workspaces of exactly a commit', async (harness) => {
      const workspace = await create(harness);
      await harness.write(workspace, 'new.txt', 'x\n');
      const { commit } = await collect(harness.provider, workspace);
      const scratch = await harness.provider.scratch({ runId: 'run-1', commit });
      assert.equal(scratch.kind, 'scratch', '`kind` of a scratch workspace must be "scratch"');
      assert.equal(
        await harness.read(scratch, 'new.txt'),
        'x\n',
        'a scratch workspace must hold the files of its commit',
      );
      await harness.write(scratch, 'made-by-gate.txt', 'x\n');
      const outcome = await harness.provider.remove({ workspace: scratch, force: ['dirty', 'unmerged'] });
      assert.notEqual(
        outcome.status,
        'kept',
        'a scratch workspace must go when both losses are named in `force`',
      );
      const next = await harness.provider.scratch({ runId: 'run-1', commit: harness.base });
      assert.equal(
        await harness.read(next, 'made-by-gate.txt'),
        undefined,
        'a scratch workspace must not have what was left in an earlier one',
      );
      assert.equal(
        await harness.read(next, 'new.txt'),
        undefined,
        'a scratch workspace must have the files of its commit alone',
      );
    });

    test('says what is wrong with a workspace that is not there', async (harness) => {
      const workspace = { ...(await create(harness)), id: 'missing', path: '/nowhere/at/all' };
      await assert.rejects(
        harness.provider.collect({ workspace, message: 'x' }),
        isPwtError,
        'collect() of a workspace that is not there must reject with a PwtError',
      );
    });
  });
}

function byId(a: Workspace, b: Workspace): number {
  return a.id < b.id ? -1 : 1;
}
