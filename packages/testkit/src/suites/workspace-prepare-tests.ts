import assert from 'node:assert/strict';
import type { CommitId, CreateWorkspaceRequest, Workspace, WorkspaceProvider } from '@pwt/core';
import { assertAborted } from './abort-checks.js';
import {
  collect,
  create,
  type WorkspaceProviderHarness,
  type WorkspaceTest,
} from './workspace-provider-harness.js';

/** Workspaces that are made ready before their task is dispatched. A provider without `prepare` passes. */
export function workspacePrepareTests(test: WorkspaceTest): void {
  const preparing = (
    name: string,
    body: (
      harness: WorkspaceProviderHarness,
      prepare: NonNullable<WorkspaceProvider['prepare']>,
    ) => Promise<void>,
  ) =>
    test(name, async (harness) => {
      const { provider } = harness;
      if (provider.prepare !== undefined) await body(harness, (request) => ready(provider, request));
    });

  preparing(
    'hands over what it has made ready, and only then lists it as the task’s',
    async (harness, prepare) => {
      const ahead = await prepare(requestOf(harness.base));
      assert.ok(ahead, 'prepare() must answer with the workspace that it keeps ready');
      assert.equal(
        ahead.kind,
        'scratch',
        'a workspace that no task has got must be listed as a scratch workspace',
      );
      assert.equal('taskId' in ahead, false, 'a workspace that no task has got must name no task');
      assert.deepEqual(
        await harness.provider.list(),
        [ahead],
        'list() must give a workspace that is kept ready',
      );
      const workspace = await create({ ...harness, provider: await harness.reopen() });
      assert.equal(workspace.path, ahead.path, 'create() must hand over the workspace that is ready');
      assert.equal(
        workspace.base,
        harness.base,
        'a workspace that is handed over must be at the base of the request',
      );
      assert.deepEqual(
        await harness.provider.list(),
        [workspace],
        'what was handed over is the task’s, and nothing else',
      );
      assert.equal(
        await prepare(requestOf(harness.base)),
        undefined,
        'prepare() must leave a task’s own workspace alone',
      );
      await harness.write(workspace, 'new.txt', 'work\n');
      const { changes } = await collect(harness.provider, workspace);
      assert.deepEqual(
        changes.map(({ path }) => path),
        ['new.txt'],
        'only what the task did must be collected',
      );
    },
  );

  preparing(
    'moves what is ready to another base, before or when it is handed over',
    async (harness, prepare) => {
      const next = await anotherCommit(harness);
      const request = requestOf(harness.base);
      await prepare(request);
      const moved = await prepare({ ...request, base: next });
      assert.equal(moved?.base, next, 'prepare() with another base must move the workspace there');
      assert.equal(
        await harness.read(moved as Workspace, 'next.txt'),
        'next\n',
        'a moved workspace must hold the files of its base',
      );
      const { workspace } = await harness.provider.create(request);
      assert.equal(
        workspace.base,
        harness.base,
        'create() must hand over a workspace at the base of its own request',
      );
      assert.equal(
        await harness.read(workspace, 'next.txt'),
        undefined,
        'a moved workspace must have no file of its base before',
      );
      const { commit } = await collect(harness.provider, workspace);
      assert.equal(commit, harness.base, 'a workspace in which nothing was done must be at its base');
    },
  );

  preparing('only looks until it is on record that the task gets it', async (harness, prepare) => {
    const { provider, base } = harness;
    const ahead = await prepare(requestOf(base));
    const fault = new Error('not on record');
    let refuse: (error: Error) => void = () => undefined;
    const recorded = new Promise<void>((_, reject) => {
      refuse = reject;
    });
    recorded.catch(() => undefined);
    const refused = assert.rejects(
      provider.create({ ...requestOf(base), recorded }),
      fault,
      'create() must fail if it could not be recorded',
    );
    assert.deepEqual(await provider.list(), [ahead], 'create() must only look until it is on record');
    refuse(fault);
    await refused;
    assert.deepEqual(await provider.list(), [ahead], 'what was not handed over must stay as it is');
    const { workspace } = await provider.create({ ...requestOf(base), recorded: Promise.resolve() });
    assert.equal(workspace.path, ahead?.path, 'create() must hand over the workspace that is ready');
  });

  preparing('never hands over what was changed', async (harness, prepare) => {
    const next = await anotherCommit(harness);
    for (const base of [harness.base, next]) {
      const ahead = (await prepare(requestOf(harness.base))) as Workspace;
      await harness.write(ahead, 'README.md', 'changed by others\n');
      await harness.write(ahead, 'strange.txt', 'x\n');
      const { workspace } = await harness.provider.create(requestOf(base));
      const files = await harness.filesOf(base);
      assert.equal(
        await harness.read(workspace, 'README.md'),
        files['README.md'],
        'a changed file must not reach a task',
      );
      assert.equal(
        await harness.read(workspace, 'strange.txt'),
        undefined,
        'a new file must not reach a task',
      );
      await harness.provider.remove({ workspace, force: ['dirty', 'unmerged'] });
    }
  });

  preparing('removes what no task got, when asked and at the end of the run', async (harness, prepare) => {
    const { provider } = harness;
    const other = await create(harness, '3');
    const one = (await prepare(requestOf(harness.base))) as Workspace;
    await prepare({ ...requestOf(harness.base), taskId: '2' });
    const { status } = await provider.remove({ workspace: one, force: ['dirty', 'unmerged'] });
    assert.equal(status, 'removed', 'remove() must remove a workspace that no task got');
    await (await harness.reopen()).close?.({ runId: 'run-2' });
    assert.equal((await provider.list()).length, 2, 'close() must leave the workspaces of other runs alone');
    await (await harness.reopen()).close?.({ runId: 'run-1' });
    assert.deepEqual(
      await provider.list(),
      [other],
      'close() must remove what no task got, and nothing else',
    );
  });

  preparing('keeps nothing ready for an aborted request', async ({ provider, base }, prepare) => {
    await assertAborted('prepare()', (abortSignal) => prepare({ ...requestOf(base), abortSignal }));
    assert.deepEqual(await provider.list(), [], 'an aborted prepare() must leave no workspace behind');
  });
}

async function ready(
  provider: WorkspaceProvider,
  request: CreateWorkspaceRequest,
): Promise<Workspace | undefined> {
  return provider.prepare?.(request);
}

function requestOf(base: CommitId): CreateWorkspaceRequest {
  return { runId: 'run-1', taskId: '1', title: 'Task 1', base };
}

/** A commit on top of the base, with `next.txt`. */
async function anotherCommit(harness: WorkspaceProviderHarness): Promise<CommitId> {
  const workspace = await create(harness, 'other', 'run-0');
  await harness.write(workspace, 'next.txt', 'next\n');
  const { commit } = await collect(harness.provider, workspace);
  await harness.provider.remove({ workspace, force: ['dirty', 'unmerged'] });
  return commit;
}
