import assert from 'node:assert/strict';
import type { CommitId, MoveOntoRequest, Workspace } from '@pwt/core';
import { assertAborted } from './abort-checks.js';
import {
  collect,
  create,
  type WorkspaceProviderHarness,
  type WorkspaceTest,
} from './workspace-provider-harness.js';

/** What becomes of a workspace that is brought onto another base. Nothing, where the provider can't do it. */
export function workspaceMoveTests(test: WorkspaceTest): void {
  const moving: WorkspaceTest = (name, body) =>
    test(name, async (harness) => {
      if (harness.provider.moveOnto !== undefined) await body(harness);
    });

  moving(
    'brings a workspace onto another base, with what was committed and what was not',
    async (harness) => {
      const onto = await otherWork(harness, { 'other.txt': 'other\n' });
      const workspace = await create(harness, '2');
      await harness.write(workspace, 'committed.txt', 'one\n');
      await harness.commit(workspace);
      await harness.write(workspace, 'left.txt', 'two\n');
      const moved = await moveOnto(harness, workspace, onto);
      assert.deepEqual(
        moved.outcome,
        { status: 'merged', onto },
        'moveOnto() must say "merged" where nothing conflicts',
      );
      assert.deepEqual(
        moved.workspace,
        { ...workspace, base: onto },
        'moveOnto() must give back the workspace with its new base, and otherwise as it was',
      );
      for (const [path, text] of [
        ['other.txt', 'other\n'],
        ['committed.txt', 'one\n'],
        ['left.txt', 'two\n'],
      ] as const)
        assert.equal(await harness.read(workspace, path), text, 'the workspace must hold both sides');
      const { changes, commit, committedLeftovers } = await collect(harness.provider, moved.workspace);
      assert.deepEqual(
        changes.map(({ path }) => path).sort(),
        ['committed.txt', 'left.txt'],
        '`changes` of a moved workspace must be those of its own work',
      );
      assert.equal(committedLeftovers, false, 'moveOnto() must have committed what was uncommitted');
      const again = await moveOnto({ ...harness, provider: await harness.reopen() }, moved.workspace, onto);
      assert.deepEqual(again, moved, 'moveOnto() must say the same when it is called again');
      const after = await collect(harness.provider, moved.workspace);
      assert.equal(after.commit, commit, 'moveOnto() must make nothing when it is called again');
    },
  );

  moving('goes along where the workspace has no work of its own', async (harness) => {
    const onto = await otherWork(harness, { 'other.txt': 'other\n' });
    const { workspace, outcome } = await moveOnto(harness, await create(harness, '2'), onto);
    assert.deepEqual(outcome, { status: 'merged', onto }, 'moveOnto() must say "merged" without work, too');
    const { changes } = await collect(harness.provider, workspace);
    assert.deepEqual(changes, [], 'a moved workspace without work must have no changes');
  });

  moving('joins the lines of a list', async (harness) => {
    const other = await create(harness, '1');
    await harness.write(other, 'list.md', '[ ] 1\n[ ] 2\n');
    const { commit: start } = await collect(harness.provider, other);
    const { workspace } = await moveOnto(harness, await create(harness, '2'), start);
    await harness.write(workspace, 'list.md', '[ ] 1\n[x] 2\n');
    await harness.write(other, 'list.md', '[x] 1\n[ ] 2\n');
    const { commit: onto } = await collect(harness.provider, other);
    const moved = await moveOnto(harness, workspace, onto, { lists: ['list.md'] });
    assert.equal(
      moved.outcome.status,
      'merged',
      'lines that one side alone has changed must be no conflict in a list',
    );
    assert.equal(await harness.read(moved.workspace, 'list.md'), '[x] 1\n[x] 2\n');
  });

  moving(
    'leaves a merge that conflicts in the workspace, and holds it until it is resolved',
    async (harness) => {
      const onto = await otherWork(harness, { 'README.md': 'theirs\n', 'other.txt': 'other\n' });
      const workspace = await create(harness, '2');
      await harness.write(workspace, 'README.md', 'ours\n');
      await harness.write(workspace, 'left.txt', 'left\n');
      const moved = await moveOnto(harness, workspace, onto);
      assert.equal(
        moved.outcome.status,
        'conflicted',
        'moveOnto() must say "conflicted" where both changed a file',
      );
      assert.deepEqual(
        moved.outcome.status === 'conflicted' && [
          moved.outcome.onto,
          moved.outcome.paths.map(({ path }) => path),
        ],
        [onto, ['README.md']],
        'moveOnto() must name the base and the paths in conflict',
      );
      assert.equal(moved.workspace.base, onto, 'the base must be the one that is being merged');
      const text = (await harness.read(workspace, 'README.md')) ?? '';
      assert.ok(
        text.includes('ours\n') && text.includes('theirs\n'),
        'a file in conflict must show both versions',
      );
      assert.equal(
        await harness.read(workspace, 'other.txt'),
        'other\n',
        'what does not conflict must be merged',
      );
      assert.equal(await harness.read(workspace, 'left.txt'), 'left\n', 'work must still be there');

      const again = await moveOnto({ ...harness, provider: await harness.reopen() }, moved.workspace, onto);
      assert.deepEqual(again, moved, 'moveOnto() must say the same while the merge is under way');
      await assertHeld(harness, moved.workspace, 'while the merge is not finished');

      await harness.write(workspace, 'README.md', 'both\n');
      const commit = await harness.commit(workspace);
      const collected = await collect(harness.provider, moved.workspace);
      assert.equal(
        collected.commit,
        commit,
        'a merge that somebody has committed must be collected as it is',
      );
      assert.deepEqual(
        collected.changes.map(({ path }) => path).sort(),
        ['README.md', 'left.txt'],
        '`changes` must be those of the work, compared with the new base',
      );
      const over = await moveOnto(harness, moved.workspace, onto);
      assert.equal(over.outcome.status, 'merged', 'a base that is merged by now must be "merged"');
    },
  );

  moving('commits a merge whose files are resolved', async (harness) => {
    const { workspace, onto } = await conflicted(harness);
    await harness.write(workspace, 'README.md', 'both\n');
    const { commit, committedLeftovers } = await collect(harness.provider, workspace);
    assert.equal(committedLeftovers, true, '`committedLeftovers` must be true where a merge was committed');
    assert.equal(
      (await harness.filesOf(commit))['README.md'],
      'both\n',
      'the commit must hold the resolution',
    );
    const { outcome } = await moveOnto(harness, workspace, onto);
    assert.deepEqual(outcome, { status: 'merged', onto }, 'the commit must contain what was merged');
  });

  moving('holds work in which markers are committed', async (harness) => {
    const { workspace } = await conflicted(harness);
    await harness.commit(workspace);
    await assertHeld(harness, workspace, 'where markers are committed');
    await harness.write(workspace, 'README.md', 'both\n');
    await harness.commit(workspace);
    await collect(harness.provider, workspace);
  });

  moving('changes nothing for an aborted request', async (harness) => {
    const onto = await otherWork(harness, { 'README.md': 'theirs\n' });
    const workspace = await create(harness, '2');
    await harness.write(workspace, 'README.md', 'ours\n');
    const request = { workspace, onto, message: 'Left over' };
    await assertAborted('moveOnto()', async (abortSignal) =>
      harness.provider.moveOnto?.({ ...request, abortSignal }),
    );
    assert.equal(
      await harness.read(workspace, 'README.md'),
      'ours\n',
      'an aborted moveOnto() must change nothing',
    );
    const { committedLeftovers } = await collect(harness.provider, workspace);
    assert.equal(committedLeftovers, true, 'an aborted moveOnto() must not have committed anything');
  });
}

/** The work of another task on the same base. */
async function otherWork(
  harness: WorkspaceProviderHarness,
  files: Readonly<Record<string, string>>,
): Promise<CommitId> {
  const workspace = await create(harness, '1');
  for (const [path, text] of Object.entries(files)) await harness.write(workspace, path, text);
  return (await collect(harness.provider, workspace)).commit;
}

/** A workspace with a merge that conflicts in `README.md`. */
async function conflicted(
  harness: WorkspaceProviderHarness,
): Promise<{ readonly workspace: Workspace; readonly onto: CommitId }> {
  const onto = await otherWork(harness, { 'README.md': 'theirs\n' });
  const workspace = await create(harness, '2');
  await harness.write(workspace, 'README.md', 'ours\n');
  return { workspace: (await moveOnto(harness, workspace, onto)).workspace, onto };
}

async function moveOnto(
  { provider }: Pick<WorkspaceProviderHarness, 'provider'>,
  workspace: Workspace,
  onto: CommitId,
  how: Pick<MoveOntoRequest, 'lists'> = {},
) {
  const moved = await provider.moveOnto?.({ workspace, onto, message: 'Left over', ...how });
  assert.ok(moved, 'a provider keeps its method');
  return moved;
}

async function assertHeld(
  { provider }: WorkspaceProviderHarness,
  workspace: Workspace,
  when: string,
): Promise<void> {
  const outcome = await provider.collect({ workspace, message: 'Left over' });
  assert.equal(outcome.status, 'held', `collect() must answer "held" ${when}`);
  assert.ok(
    outcome.findings?.some(({ kind, severity }) => kind === 'merge' && severity === 'error'),
    `collect() must give a finding of kind "merge" ${when}`,
  );
}
