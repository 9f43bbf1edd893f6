import assert from 'node:assert/strict';
import type { Workspace } from '@pwt/core';
import {
  collect,
  create,
  type WorkspaceProviderHarness,
  type WorkspaceTest,
} from './workspace-provider-harness.js';

/** What becomes of a workspace whose machine is lost. Nothing, where the provider has one machine. */
export function workspaceMachineTests(test: WorkspaceTest): void {
  const losing = (name: string, body: (harness: Losing) => Promise<void>) =>
    test(name, async (harness) => {
      const { loseMachine } = harness;
      if (loseMachine !== undefined)
        await body({ ...harness, lose: (workspace) => loseMachine.call(harness, workspace) });
    });

  losing('names the machine of each workspace', async (harness) => {
    const workspace = await create(harness);
    assert.ok(workspace.host, '`host` must name the machine of a workspace that is not on this one');
    assert.deepEqual(await harness.provider.list(), [workspace], 'list() must tell the machine, too');
  });

  losing('answers for no machine that is lost, and forgets no workspace on it', async (harness) => {
    const workspace = await create(harness);
    await harness.lose(workspace);
    const request = { workspace, force: ['dirty', 'unmerged'] as const };
    for (const method of ['remove', 'foresee'] as const) {
      const outcome = await harness.provider[method]?.(request);
      if (outcome === undefined) continue;
      assert.deepEqual(
        [outcome.status, 'reason' in outcome && outcome.reason],
        ['kept', 'in-use'],
        `${method}() must answer "kept", "in-use" of a workspace whose machine is lost: nothing is known of it`,
      );
    }
    const ids = (await harness.provider.list()).map(({ id }) => id);
    assert.deepEqual(ids, [workspace.id], 'list() must still give a workspace whose machine is lost');
  });

  losing('makes a workspace anew on another machine, with the work that was saved', async (harness) => {
    const workspace = await create(harness);
    await harness.write(workspace, 'new.txt', 'work\n');
    const { commit } = await collect(harness.provider, workspace);
    await harness.lose(workspace);
    const anew = await create(harness);
    assertAnew(workspace, anew, 'create()');
    assert.equal(
      await harness.read(anew, 'new.txt'),
      'work\n',
      'work that was collected must be there again',
    );
    assert.deepEqual(await create(harness), anew, 'create() must say the same when it is called again');
    for (const record of [anew, workspace])
      assert.equal(
        (await collect(harness.provider, record)).commit,
        commit,
        'collect() must take the new record of a workspace, and the one before',
      );
  });

  losing('brings a workspace whose machine is lost onto another base', async (harness) => {
    const other = await create(harness, '1');
    await harness.write(other, 'other.txt', 'other\n');
    const { commit: onto } = await collect(harness.provider, other);
    const workspace = await create(harness, '2');
    await harness.write(workspace, 'new.txt', 'work\n');
    await collect(harness.provider, workspace);
    await harness.lose(workspace);
    const moved = await harness.provider.moveOnto?.({ workspace, onto, message: 'Left over' });
    if (moved === undefined) return;
    assert.deepEqual(
      moved.outcome,
      { status: 'merged', onto },
      'moveOnto() must merge where it is made anew',
    );
    assertAnew({ ...workspace, base: onto }, moved.workspace, 'moveOnto()');
    for (const [path, text] of [
      ['other.txt', 'other\n'],
      ['new.txt', 'work\n'],
    ] as const)
      assert.equal(await harness.read(moved.workspace, path), text, 'the workspace must hold both sides');
  });
}

interface Losing extends WorkspaceProviderHarness {
  lose(workspace: Workspace): Promise<void>;
}

function assertAnew(before: Workspace, anew: Workspace, method: string): void {
  const { id, runId, taskId, base } = before;
  assert.deepEqual(
    { id: anew.id, runId: anew.runId, taskId: anew.taskId, base: anew.base },
    { id, runId, taskId, base },
    `${method} must return a workspace that is made anew under the same id`,
  );
  assert.notEqual(anew.host, before.host, `${method} must say on which machine it is now`);
}
