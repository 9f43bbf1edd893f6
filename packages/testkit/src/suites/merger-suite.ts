import assert from 'node:assert/strict';
import type { CommitId, Merger } from '@pwt/core';
import { assertAborted } from './abort-checks.js';
import { type Disposable, type TestRunner, using } from './runner.js';

type Files = Readonly<Record<string, string>>;

/** A repository with a merger over it. Its branch `main` is at `base` and is checked out nowhere. */
export interface MergerHarness extends Disposable {
  readonly merger: Merger;
  readonly base: CommitId;
  /** Makes a commit with exactly these files. */
  commit(files: Files, parents: readonly CommitId[]): Promise<CommitId>;
  filesOf(commit: CommitId): Promise<Files>;
  parentsOf(commit: CommitId): Promise<readonly CommitId[]>;
  /** Moves or deletes a branch behind the merger's back. */
  setBranch(name: string, commit: CommitId | undefined): Promise<void>;
}

const runId = 'run-1';
const target = 'main';
const subject = { kind: 'tasks', taskIds: ['1'] } as const;

/** Proves that a {@link Merger} keeps its contract. */
export function mergerSuite(runner: TestRunner, open: () => Promise<MergerHarness>): void {
  const test = (name: string, body: (harness: MergerHarness) => Promise<void>) =>
    runner.test(name, () => using(open, body));

  /** The base's files with some added or replaced. */
  const grow = async (harness: MergerHarness, files: Files, from: CommitId = harness.base) =>
    harness.commit({ ...(await harness.filesOf(from)), ...files }, [from]);
  const integrate = ({ merger }: MergerHarness, onto: CommitId, commit: CommitId, taskId = '1') =>
    merger.integrate({
      runId,
      subject: { kind: 'tasks', taskIds: [taskId] },
      onto,
      commit,
      message: 'Merge task 1: a title\n\nPwt-Task: 1\n',
    });
  const start = ({ merger, base }: MergerHarness) => merger.open({ runId, target, start: base });

  runner.describe('a merger', () => {
    test('has a name for messages', async ({ merger }) => {
      assert.ok(merger.name, '`name` must be a word or two that messages can show');
    });

    test('opens the integration ref at the start, and finds it again where it is', async (harness) => {
      assert.deepEqual(await start(harness), { tip: harness.base });
      const next = await grow(harness, { 'a.txt': 'a\n' });
      assert.deepEqual(await harness.merger.advance({ runId, from: harness.base, to: next }), {
        status: 'advanced',
      });
      assert.deepEqual(await start(harness), { tip: next });
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
      assert.deepEqual([files['a.txt'], files['b.txt']], ['a\n', 'b\n']);
    });

    test('makes a commit of its own even where a fast-forward would do', async (harness) => {
      await start(harness);
      const theirs = await grow(harness, { 'b.txt': 'b\n' });
      const outcome = await integrate(harness, harness.base, theirs);
      assert.equal(outcome.status, 'merged');
      if (outcome.status === 'merged')
        assert.deepEqual(
          await harness.parentsOf(outcome.commit),
          [harness.base, theirs],
          'integrate() must make a merge commit of its own, never a fast-forward',
        );
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
        );
    });

    test('says when there is nothing to join', async (harness) => {
      await start(harness);
      const tip = await grow(harness, { 'a.txt': 'a\n' });
      assert.deepEqual(await integrate(harness, tip, harness.base), { status: 'contained' });
      assert.deepEqual(await integrate(harness, tip, tip), { status: 'contained' });
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
      assert.deepEqual(await start(harness), { tip: one });
    });

    test('lands by moving the branch from where it is expected', async (harness) => {
      const next = await grow(harness, { 'a.txt': 'a\n' });
      const outcome = await harness.merger.land({ runId, target, from: harness.base, to: next });
      assert.deepEqual(outcome, { status: 'landed' });
      assert.equal(await harness.merger.tip(target), next);
    });

    test('does not land on a target that moved, and says where it is now', async (harness) => {
      const theirs = await grow(harness, { 'b.txt': 'b\n' });
      const ours = await grow(harness, { 'a.txt': 'a\n' });
      await harness.setBranch(target, theirs);
      const outcome = await harness.merger.land({ runId, target, from: harness.base, to: ours });
      assert.deepEqual(outcome, { status: 'moved', tip: theirs });
      assert.equal(await harness.merger.tip(target), theirs);
    });

    test('does not bring back a target that was deleted', async (harness) => {
      const ours = await grow(harness, { 'a.txt': 'a\n' });
      await harness.setBranch(target, undefined);
      const outcome = await harness.merger.land({ runId, target, from: harness.base, to: ours });
      assert.deepEqual(outcome, { status: 'moved' });
      assert.equal(await harness.merger.tip(target), undefined);
    });

    test('replays what a commit changed onto another line, and nothing of its history', async (harness) => {
      const { merger, base } = harness;
      if (!merger.replay) return;
      const secret = await grow(harness, { 'secret.txt': 's\n' });
      const task = await grow(harness, { 'a.txt': 'a\n' }, secret);
      const rewritten = await grow(harness, { 'b.txt': 'b\n' });
      const request = { runId, subject, onto: rewritten, commit: task, over: secret, message: 'Task 1\n' };
      const outcome = await merger.replay(request);
      assert.equal(outcome.status, 'merged');
      if (outcome.status !== 'merged') return;
      assert.deepEqual(await harness.parentsOf(outcome.commit), [rewritten]);
      const expected = { ...(await harness.filesOf(base)), 'a.txt': 'a\n', 'b.txt': 'b\n' };
      assert.deepEqual(await harness.filesOf(outcome.commit), expected);
      assert.equal(await merger.contains({ ancestor: secret, descendant: outcome.commit }), false);
      const again = await merger.replay({ ...request, onto: outcome.commit });
      assert.deepEqual(again, { status: 'contained' });
    });

    test('reports what can not be replayed as a conflict', async (harness) => {
      const { merger } = harness;
      if (!merger.replay) return;
      const old = await grow(harness, { 'a.txt': 'old\n' });
      const task = await grow(harness, { 'a.txt': 'task\n' }, old);
      const onto = await grow(harness, { 'a.txt': 'other\n' });
      const outcome = await merger.replay({
        runId,
        subject,
        onto,
        commit: task,
        over: old,
        message: 'm\n',
      });
      assert.equal(
        outcome.status,
        'conflicted',
        'a conflict must be the answer "conflicted", never an exception',
      );
      if (outcome.status === 'conflicted')
        assert.deepEqual(
          outcome.paths.map(({ path }) => path),
          ['a.txt'],
        );
    });

    test('gives the integration ref a new start, from where it is expected only', async (harness) => {
      const { merger, base } = harness;
      if (!merger.restart) return;
      await start(harness);
      const one = await grow(harness, { 'a.txt': 'a\n' });
      const other = await grow(harness, { 'b.txt': 'b\n' });
      await merger.advance({ runId, from: base, to: one });
      assert.deepEqual(await merger.restart({ runId, from: base, to: other }), { status: 'moved', tip: one });
      assert.deepEqual(await merger.restart({ runId, from: one, to: other }), { status: 'advanced' });
      assert.deepEqual(await start(harness), { tip: other });
    });

    test('names the commits that another tip does not contain', async (harness) => {
      const { merger, base } = harness;
      if (!merger.missing) return;
      const one = await grow(harness, { 'a.txt': 'a\n' });
      const two = await grow(harness, { 'b.txt': 'b\n' }, one);
      const tip = await grow(harness, { 'c.txt': 'c\n' });
      const all = await merger.missing({ known: two, tip, limit: 10 });
      assert.deepEqual([all.commits.map(({ id }) => id), all.total], [[two, one], 2]);
      const first = await merger.missing({ known: two, tip, limit: 1 });
      assert.deepEqual([first.commits.map(({ id }) => id), first.total], [[two], 2]);
      assert.equal((await merger.missing({ known: base, tip, limit: 10 })).total, 0);
    });

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

    test('knows what contains what', async (harness) => {
      const next = await grow(harness, { 'a.txt': 'a\n' });
      const other = await grow(harness, { 'b.txt': 'b\n' });
      const { merger, base } = harness;
      assert.equal(await merger.contains({ ancestor: base, descendant: next }), true);
      assert.equal(await merger.contains({ ancestor: next, descendant: next }), true);
      assert.equal(await merger.contains({ ancestor: next, descendant: base }), false);
      assert.equal(await merger.contains({ ancestor: next, descendant: other }), false);
    });

    test('closes a run whose work has landed, and keeps the ref of one that has not', async (harness) => {
      await start(harness);
      const next = await grow(harness, { 'a.txt': 'a\n' });
      await harness.merger.advance({ runId, from: harness.base, to: next });
      await harness.merger.close({ runId, landed: harness.base });
      assert.deepEqual(await start(harness), { tip: next });
      await harness.merger.close({ runId, landed: next });
      assert.deepEqual(await start(harness), { tip: harness.base });
    });
  });
}
