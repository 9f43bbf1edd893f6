import assert from 'node:assert/strict';
import type { CommitId } from '@pwt/core';
import { assertAborted } from './abort-checks.js';
import { mergerEditTests } from './merger-edit-tests.js';
import {
  grow,
  type MergerHarness,
  type MergerTest,
  runId,
  start,
  subject,
  target,
} from './merger-harness.js';
import { mergerStrategyTests } from './merger-strategy-tests.js';
import { mergerTargetTests } from './merger-target-tests.js';
import { type TestRunner, using } from './runner.js';

const integrate = ({ merger }: MergerHarness, onto: CommitId, commit: CommitId) =>
  merger.integrate({ runId, subject, onto, commit, message: 'Merge task 1: a title\n\nPwt-Task: 1\n' });

/** Proves that a `Merger` keeps its contract. */
export function mergerSuite(runner: TestRunner, open: () => Promise<MergerHarness>): void {
  const test: MergerTest = (name, body) => void runner.test(name, () => using(open, body));

  runner.describe('a merger', () => {
    test('has a name for messages', async ({ merger }) => {
      assert.ok(merger.name, '`name` must be a word or two that messages can show');
    });

    test('opens the integration ref at the start, and finds it again where it is', async (harness) => {
      assert.deepEqual(
        await start(harness),
        { tip: harness.base },
        'open() of a run without an integration ref must make it at `start`',
      );
      const next = await grow(harness, { 'a.txt': 'a\n' });
      assert.deepEqual(
        await harness.merger.advance({ runId, from: harness.base, to: next }),
        {
          status: 'advanced',
        },
        'advance() from where the integration ref is must answer "advanced"',
      );
      assert.deepEqual(
        await start(harness),
        { tip: next },
        'open() of a run that is there must give the tip of its integration ref',
      );
    });

    test('joins both sides into one commit on top of the tip', async (harness) => {
      await start(harness);
      const ours = await grow(harness, { 'a.txt': 'a\n' });
      const theirs = await grow(harness, { 'b.txt': 'b\n' });
      const outcome = await integrate(harness, ours, theirs);
      assert.equal(outcome.status, 'merged', 'two sides without a conflict must be merged');
      if (outcome.status !== 'merged') return;
      assert.deepEqual(
        await harness.parentsOf(outcome.commit),
        [ours, theirs],
        'the merge commit must have `onto` as its first parent and `commit` as its second',
      );
      const files = await harness.filesOf(outcome.commit);
      assert.deepEqual(
        [files['a.txt'], files['b.txt']],
        ['a\n', 'b\n'],
        'a merge must have the files of both sides',
      );
    });

    test('makes a commit of its own even where a fast-forward would do', async (harness) => {
      await start(harness);
      const theirs = await grow(harness, { 'b.txt': 'b\n' });
      const outcome = await integrate(harness, harness.base, theirs);
      assert.equal(outcome.status, 'merged', 'a commit that is only ahead of the tip must be merged, too');
      if (outcome.status === 'merged')
        assert.deepEqual(
          await harness.parentsOf(outcome.commit),
          [harness.base, theirs],
          'integrate() must make a merge commit of its own, never a fast-forward',
        );
    });

    test('tells by its tree which commits have the same files', async (harness) => {
      const { merger, base } = harness;
      if (merger.tree === undefined) return;
      await start(harness);
      const [one, two] = [await grow(harness, { 'a.txt': 'a\n' }), await grow(harness, { 'b.txt': 'b\n' })];
      const both = await harness.commit({ ...(await harness.filesOf(one)), 'b.txt': 'b\n' }, [base]);
      const merged = await integrate(harness, one, two);
      assert.equal(merged.status, 'merged', 'two sides without a conflict must be merged');
      if (merged.status !== 'merged') return;
      const trees = await Promise.all([merged.commit, both, one].map((id) => merger.tree?.(id)));
      assert.equal(trees[0], trees[1], 'tree() must be the same for commits with the same files');
      assert.notEqual(trees[0], trees[2], 'tree() must differ where the files do');
    });

    test('moves nothing when it integrates', async (harness) => {
      await start(harness);
      await integrate(harness, harness.base, await grow(harness, { 'b.txt': 'b\n' }));
      assert.deepEqual(
        await start(harness),
        { tip: harness.base },
        'integrate() must not move the integration ref: advance() does, after the gate',
      );
      assert.equal(await harness.merger.tip(target), harness.base, 'integrate() must not move the target');
    });

    test('reports a conflict with its paths, as a value', async (harness) => {
      await start(harness);
      const ours = await grow(harness, { 'a.txt': 'ours\n', 'same.txt': 'x\n' });
      const theirs = await grow(harness, { 'a.txt': 'theirs\n', 'same.txt': 'x\n' });
      const outcome = await integrate(harness, ours, theirs);
      assert.equal(
        outcome.status,
        'conflicted',
        'a conflict must be the answer "conflicted", never an exception',
      );
      if (outcome.status === 'conflicted')
        assert.deepEqual(
          outcome.paths.map((entry) => entry.path),
          ['a.txt'],
          '`paths` must name the files in conflict, and no other',
        );
    });

    test('says when there is nothing to join', async (harness) => {
      await start(harness);
      const tip = await grow(harness, { 'a.txt': 'a\n' });
      assert.deepEqual(
        await integrate(harness, tip, harness.base),
        { status: 'contained' },
        'a commit that `onto` contains must be answered with "contained"',
      );
      assert.deepEqual(
        await integrate(harness, tip, tip),
        { status: 'contained' },
        'a commit that is the tip itself must be answered with "contained"',
      );
    });

    test('advances by compare-and-swap only', async (harness) => {
      await start(harness);
      const one = await grow(harness, { 'a.txt': '1\n' });
      const two = await grow(harness, { 'a.txt': '2\n' });
      await harness.merger.advance({ runId, from: harness.base, to: one });
      const late = await harness.merger.advance({ runId, from: harness.base, to: two });
      assert.deepEqual(
        late,
        { status: 'moved', tip: one },
        'advance() from where the integration ref is not must answer "moved" with its tip',
      );
      assert.deepEqual(
        await start(harness),
        { tip: one },
        'advance() that answers "moved" must leave the integration ref where it is',
      );
    });

    mergerTargetTests(test);
    mergerStrategyTests(test);
    mergerEditTests(test);

    test('joins nothing for an aborted request', async (harness) => {
      await start(harness);
      const { merger, base } = harness;
      const commit = await grow(harness, { 'a.txt': 'a\n' });
      const request = { runId, subject, onto: base, commit, message: 'Task 1\n' };
      await assertAborted('integrate()', (abortSignal) => merger.integrate({ ...request, abortSignal }));
      await assertAborted('replay()', async (abortSignal) =>
        (merger.replay ?? merger.integrate).call(merger, { ...request, over: base, abortSignal }),
      );
      assert.deepEqual(await start(harness), { tip: base }, 'an aborted request must move nothing');
    });

    test('names the paths in which two commits differ, both names of a renamed file', async (harness) => {
      const { merger, base } = harness;
      if (merger.changedPaths === undefined) return;
      const before = await grow(harness, {
        'a.txt': 'a\n',
        'b.txt': 'b\n',
        'dir/old name.txt': 'long enough\n',
      });
      const files = await harness.filesOf(base);
      const after = await harness.commit(
        { ...files, 'a.txt': 'a\n', 'b.txt': 'B\n', 'dir/new name.txt': 'long enough\n' },
        [before],
      );
      const changed = await merger.changedPaths({ from: before, to: after });
      assert.deepEqual(
        [...changed].sort(),
        ['b.txt', 'dir/new name.txt', 'dir/old name.txt'],
        'changedPaths() must name each path whose content differs, and no other',
      );
      assert.deepEqual(
        await merger.changedPaths({ from: after, to: after }),
        [],
        'changedPaths() must be empty for a commit and itself',
      );
    });

    test('knows what contains what', async (harness) => {
      const next = await grow(harness, { 'a.txt': 'a\n' });
      const other = await grow(harness, { 'b.txt': 'b\n' });
      const { merger, base } = harness;
      assert.equal(
        await merger.contains({ ancestor: base, descendant: next }),
        true,
        'contains() must be true of a commit and one that was made from it',
      );
      assert.equal(
        await merger.contains({ ancestor: next, descendant: next }),
        true,
        'contains() must be true of a commit and itself',
      );
      assert.equal(
        await merger.contains({ ancestor: next, descendant: base }),
        false,
        'contains() must be false of a commit and the one that it was made from',
      );
      assert.equal(
        await merger.contains({ ancestor: next, descendant: other }),
        false,
        'contains() must be false of two commits side by side',
      );
    });

    test('closes a run whose work has landed, and keeps the ref of one that has not', async (harness) => {
      await start(harness);
      const next = await grow(harness, { 'a.txt': 'a\n' });
      await harness.merger.advance({ runId, from: harness.base, to: next });
      await harness.merger.close({ runId, landed: harness.base });
      assert.deepEqual(
        await start(harness),
        { tip: next },
        'close() must keep the integration ref while `landed` does not contain it',
      );
      await harness.merger.close({ runId, landed: next });
      assert.deepEqual(
        await start(harness),
        { tip: harness.base },
        'close() must remove the integration ref once `landed` contains it',
      );
    });
  });
}
