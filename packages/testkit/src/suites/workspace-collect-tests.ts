import assert from 'node:assert/strict';
import { collect, create, type WorkspaceTest } from './workspace-provider-harness.js';

/** What of a workspace's work is seen, and what is taken as the product. */
export function workspaceCollectTests(test: WorkspaceTest): void {
  test('collects committed and uncommitted work as one commit that builds on the base', async (harness) => {
    const workspace = await create(harness);
    await harness.write(workspace, 'committed.txt', 'one\n');
    await harness.commit(workspace);
    await harness.write(workspace, 'left-over.txt', 'two\n');
    await harness.delete(workspace, 'README.md');
    const result = await collect(harness.provider, workspace);
    assert.equal(
      result.committedLeftovers,
      true,
      '`committedLeftovers` must be true where something uncommitted was committed',
    );
    const before = await harness.filesOf(harness.base);
    const { 'README.md': _gone, ...rest } = before;
    assert.deepEqual(
      await harness.filesOf(result.commit),
      {
        ...rest,
        'committed.txt': 'one\n',
        'left-over.txt': 'two\n',
      },
      'the commit must hold what was committed and what was not, and nothing that was deleted',
    );
    assert.deepEqual(
      [...result.changes].map((change) => `${change.kind} ${change.path}`).sort(),
      ['added committed.txt', 'added left-over.txt', 'deleted README.md'],
      '`changes` must name every path that the work changes, with its kind',
    );
  });

  test('collects the same commit when asked twice', async (harness) => {
    const workspace = await create(harness);
    await harness.write(workspace, 'new.txt', 'x\n');
    const first = await collect(harness.provider, workspace);
    const second = await collect(await harness.reopen(), workspace);
    assert.equal(second.commit, first.commit, 'collect() must give the same commit when it is called again');
    assert.deepEqual(
      second.changes,
      first.changes,
      'collect() must give the same changes when it is called again',
    );
  });

  test('says that nothing changed by giving back the base', async (harness) => {
    const workspace = await create(harness);
    const result = await collect(harness.provider, workspace);
    assert.deepEqual(
      result,
      {
        status: 'collected',
        commit: harness.base,
        changes: [],
        committedLeftovers: false,
      },
      'collect() of a workspace without work must give back the base, without changes',
    );
  });

  test('does not take what came after an older commit for a change', async (harness) => {
    if (harness.reset === undefined) return;
    const first = await create(harness, '1');
    await harness.write(first, 'later.txt', 'x\n');
    const { commit } = await collect(harness.provider, first);
    const request = { runId: 'run-1', taskId: '2', title: '2', base: commit };
    const { workspace: second } = await harness.provider.create(request);
    await harness.reset(second, harness.base);
    const changes = [{ path: 'new.txt', kind: 'added' }];
    await harness.write(second, 'new.txt', 'x\n');
    assert.deepEqual(
      await harness.provider.changes(second),
      changes,
      'changes() must leave out what came after the commit that the work is on',
    );
    const collected = await collect(harness.provider, second);
    assert.deepEqual(
      collected.changes,
      changes,
      'collect() must leave out of `changes` what came after the commit that the work is on',
    );
    assert.deepEqual(
      await harness.provider.changes(second),
      changes,
      'changes() must say the same after collect()',
    );
  });

  test('sees uncommitted and untracked changes without touching them', async (harness) => {
    const workspace = await create(harness);
    await harness.write(workspace, 'README.md', 'edited\n');
    await harness.write(workspace, 'folder/new file.txt', 'x\n');
    const seen = await harness.provider.changes(workspace);
    assert.deepEqual(
      seen.map((change) => `${change.kind} ${change.path}`).sort(),
      ['added folder/new file.txt', 'modified README.md'],
      'changes() must see uncommitted and untracked work',
    );
    const collected = await collect(harness.provider, workspace);
    assert.equal(
      collected.committedLeftovers,
      true,
      'changes() must leave work uncommitted: collect() commits it',
    );
  });
}
