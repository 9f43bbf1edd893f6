import assert from 'node:assert/strict';
import type { ExpireRequest, Snapshot } from '@pwt/core';
import { collect, create, type WorkspaceTest } from './workspace-provider-harness.js';

/** What is removed, what is kept instead, and in what snapshot. */
export function workspaceRemovalTests(test: WorkspaceTest): void {
  test('keeps a workspace with uncommitted work', async (harness) => {
    const workspace = await create(harness);
    await harness.write(workspace, 'new.txt', 'x\n');
    const outcome = await harness.provider.remove({ workspace, containedIn: harness.base });
    assert.equal(
      outcome.status === 'kept' && outcome.reason,
      'dirty',
      'a workspace with uncommitted work must be kept as "dirty"',
    );
    assert.equal(
      await harness.read(workspace, 'new.txt'),
      'x\n',
      'a workspace that is kept must be left as it is',
    );
  });

  test('keeps a workspace whose commits are nowhere else', async (harness) => {
    const workspace = await create(harness);
    await harness.write(workspace, 'new.txt', 'x\n');
    await harness.commit(workspace);
    const outcome = await harness.provider.remove({ workspace, containedIn: harness.base });
    assert.equal(
      outcome.status === 'kept' && outcome.reason,
      'unmerged',
      'a workspace whose commits are not contained in `containedIn` must be kept as "unmerged"',
    );
    assert.equal(
      await harness.read(workspace, 'new.txt'),
      'x\n',
      'a workspace that is kept must be left as it is',
    );
  });

  test('removes a workspace whose work is contained, and says so once', async (harness) => {
    const workspace = await create(harness);
    await harness.write(workspace, 'new.txt', 'x\n');
    const { commit } = await collect(harness.provider, workspace);
    assert.deepEqual(
      await harness.provider.remove({ workspace, containedIn: commit }),
      {
        status: 'removed',
      },
      'a workspace whose work is contained in `containedIn` must be removed',
    );
    assert.deepEqual(
      await harness.provider.remove({ workspace, containedIn: commit }),
      { status: 'gone' },
      'remove() of a workspace that is gone must answer "gone"',
    );
    assert.deepEqual(await harness.provider.list(), [], 'list() must not have a workspace that was removed');
    await create(harness, '1', 'run-2');
  });

  test('keeps a workspace of which something else than its work has landed', async (harness) => {
    const workspace = await create(harness);
    await harness.write(workspace, 'new.txt', 'x\n');
    const { commit } = await collect(harness.provider, workspace);
    const outcome = await harness.provider.remove({
      workspace,
      containedIn: harness.base,
      landedAs: { commit, as: harness.base },
    });
    assert.equal(
      outcome.status === 'kept' && outcome.reason,
      'unmerged',
      'a commit without the changes of the work must not count as the one with which it landed',
    );
  });

  test('gives up work only when each kind of loss is named', async (harness) => {
    const workspace = await create(harness);
    await harness.write(workspace, 'committed.txt', 'x\n');
    await harness.commit(workspace);
    await harness.write(workspace, 'left-over.txt', 'x\n');
    const { provider } = harness;
    const each = 'each kind of loss must be named in `force` before anything is given up';
    assert.equal((await provider.remove({ workspace, force: ['dirty'] })).status, 'kept', each);
    assert.equal((await provider.remove({ workspace, force: ['unmerged'] })).status, 'kept', each);
    assert.equal(
      (await provider.remove({ workspace, force: ['dirty', 'unmerged'] })).status,
      'removed',
      'a workspace must be removed where each kind of loss is named in `force`',
    );
  });

  test('keeps what it gives up in a snapshot that says so', async (harness) => {
    const { provider } = harness;
    if (provider.snapshot === undefined) return;
    const workspace = await create(harness);
    await harness.write(workspace, 'committed.txt', 'x\n');
    await harness.commit(workspace);
    await harness.write(workspace, 'left-over.txt', 'y\n');
    await harness.delete(workspace, 'README.md');
    const outcome = await provider.remove({ workspace, force: ['dirty', 'unmerged'] });
    assert.equal(
      outcome.status,
      'removed',
      'a workspace must be removed where each kind of loss is named in `force`',
    );
    const { snapshot } = outcome as { readonly snapshot?: Snapshot };
    assert.ok(snapshot, 'a removal that gives work up must name the `snapshot` that keeps it');
    assert.match(
      snapshot.ref,
      /^refs\/pwt\/run-1\/snapshots\/1\/[^/, '`ref` of a snapshot must be below refs/pwt/<run>/snapshots/<task>/']+$/,
    );
    const { 'README.md': _gone, ...rest } = await harness.filesOf(harness.base);
    assert.deepEqual(
      await harness.filesOf(snapshot.commit),
      {
        ...rest,
        'committed.txt': 'x\n',
        'left-over.txt': 'y\n',
      },
      'the snapshot must hold all that was given up, committed or not',
    );
  });

  test('takes a snapshot beside the agent: nothing changes, and the same state is kept once', async (harness) => {
    const { provider } = harness;
    if (provider.snapshot === undefined) return;
    const workspace = await create(harness);
    const take = async () => (await harness.reopen()).snapshot?.({ workspace, reason: 'failed' });
    assert.equal(await take(), undefined, 'snapshot() of a workspace without work must be undefined');
    await harness.write(workspace, 'left-over.txt', 'y\n');
    const before = await provider.changes(workspace);
    const first = await take();
    assert.ok(first, 'snapshot() must keep uncommitted work and say where');
    assert.equal(
      (await harness.filesOf(first.commit))['left-over.txt'],
      'y\n',
      'the snapshot must hold uncommitted work',
    );
    assert.deepEqual(
      await provider.changes(workspace),
      before,
      'snapshot() must change nothing in the workspace',
    );
    assert.equal((await take())?.ref, first.ref, 'the same state must be kept once, under one ref');
    await harness.write(workspace, 'left-over.txt', 'z\n');
    assert.notEqual((await take())?.ref, first.ref, 'another state must be kept under another ref');
    assert.equal(
      (await harness.filesOf(first.commit))['left-over.txt'],
      'y\n',
      'a snapshot must stay as it is when the work goes on',
    );
  });

  test('foresees what a removal would say, and changes nothing by it', async (harness) => {
    const { provider } = harness;
    if (provider.foresee === undefined) return;
    const workspace = await create(harness);
    await harness.write(workspace, 'left-over.txt', 'y\n');
    for (const force of [[], ['dirty'], ['dirty', 'unmerged']] as const) {
      const request = { workspace, containedIn: harness.base, force };
      const foreseen = await provider.foresee(request);
      assert.equal(await harness.read(workspace, 'left-over.txt'), 'y\n', 'foresee() must remove nothing');
      const isKept = force.length === 0;
      assert.equal(foreseen.status, isKept ? 'kept' : 'removed', 'foresee() must say what remove() would');
    }
    const outcome = await provider.remove({ workspace, force: ['dirty', 'unmerged'] });
    assert.equal(outcome.status, 'removed', 'a workspace must be removed after foresee() as before');
  });

  test('deletes a snapshot only after it was listed, or once its content is contained', async (harness) => {
    const { provider } = harness;
    if (provider.snapshot === undefined || provider.expire === undefined) return;
    const workspace = await create(harness);
    await harness.write(workspace, 'left-over.txt', 'y\n');
    const snapshot = await provider.snapshot({ workspace, reason: 'failed' });
    const statuses = async (request: Partial<ExpireRequest> = {}) => {
      const expiries = (await provider.expire?.({ olderThanDays: 0, ...request })) ?? [];
      return expiries.filter(({ name }) => name === snapshot?.ref).map(({ status }) => status);
    };
    assert.deepEqual(
      await statuses({ dryRun: true }),
      ['listed'],
      'expire() with `dryRun` must say what would be listed now',
    );
    assert.deepEqual(await statuses(), ['listed'], 'expire() must list a snapshot before it deletes it');
    assert.deepEqual(
      await statuses({ olderThanDays: 1 }),
      ['listed'],
      'expire() must not delete a snapshot that is younger than `olderThanDays`',
    );
    assert.deepEqual(
      await statuses({ dryRun: true }),
      ['deleted'],
      'expire() with `dryRun` must delete nothing, and say what would be deleted now',
    );
    assert.deepEqual(await statuses(), ['deleted'], 'expire() must delete a snapshot that was listed before');
    assert.deepEqual(await statuses(), [], 'expire() must not name a snapshot that is deleted');
  });
}
