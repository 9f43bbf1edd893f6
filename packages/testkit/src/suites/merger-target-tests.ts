import assert from 'node:assert/strict';
import { grow, type MergerTest, runId, start, subject, target } from './merger-harness.js';

/** How the target is moved, and what is done where others have moved it. */
export function mergerTargetTests(test: MergerTest): void {
  test('lands by moving the branch from where it is expected', async (harness) => {
    const next = await grow(harness, { 'a.txt': 'a\n' });
    const outcome = await harness.merger.land({ runId, target, from: harness.base, to: next });
    assert.deepEqual(outcome, { status: 'landed' }, 'land() from where the target is must answer "landed"');
    assert.equal(await harness.merger.tip(target), next, 'land() must move the target to `to`');
  });

  test('does not land on a target that moved, and says where it is now', async (harness) => {
    const theirs = await grow(harness, { 'b.txt': 'b\n' });
    const ours = await grow(harness, { 'a.txt': 'a\n' });
    await harness.setBranch(target, theirs);
    const outcome = await harness.merger.land({ runId, target, from: harness.base, to: ours });
    assert.deepEqual(
      outcome,
      { status: 'moved', tip: theirs },
      'land() on a target that has moved must answer "moved" with its tip',
    );
    assert.equal(
      await harness.merger.tip(target),
      theirs,
      'land() that answers "moved" must leave the target where it is',
    );
  });

  test('does not bring back a target that was deleted', async (harness) => {
    const ours = await grow(harness, { 'a.txt': 'a\n' });
    await harness.setBranch(target, undefined);
    const outcome = await harness.merger.land({ runId, target, from: harness.base, to: ours });
    assert.deepEqual(
      outcome,
      { status: 'moved' },
      'land() on a target that is gone must answer "moved" without a tip',
    );
    assert.equal(
      await harness.merger.tip(target),
      undefined,
      'land() must not bring back a target that was deleted',
    );
  });

  test('replays what a commit changed onto another line, and nothing of its history', async (harness) => {
    const { merger, base } = harness;
    if (!merger.replay) return;
    const secret = await grow(harness, { 'secret.txt': 's\n' });
    const task = await grow(harness, { 'a.txt': 'a\n' }, secret);
    const rewritten = await grow(harness, { 'b.txt': 'b\n' });
    const request = { runId, subject, onto: rewritten, commit: task, over: secret, message: 'Task 1\n' };
    const outcome = await merger.replay(request);
    assert.equal(outcome.status, 'merged', 'replay() of a change without a conflict must answer "merged"');
    if (outcome.status !== 'merged') return;
    assert.deepEqual(
      await harness.parentsOf(outcome.commit),
      [rewritten],
      'a replayed commit must have `onto` as its only parent',
    );
    const expected = { ...(await harness.filesOf(base)), 'a.txt': 'a\n', 'b.txt': 'b\n' };
    assert.deepEqual(
      await harness.filesOf(outcome.commit),
      expected,
      'a replayed commit must have the files of `onto` and what the commit changed, and nothing of the line it was made on',
    );
    assert.equal(
      await merger.contains({ ancestor: secret, descendant: outcome.commit }),
      false,
      'a replayed commit must not contain the line that the commit was made on',
    );
    const again = await merger.replay({ ...request, onto: outcome.commit });
    assert.deepEqual(
      again,
      { status: 'contained' },
      'replay() of what `onto` has already must answer "contained"',
    );
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
        '`paths` must name the files in conflict, and no other',
      );
  });

  test('gives the integration ref a new start, from where it is expected only', async (harness) => {
    const { merger, base } = harness;
    if (!merger.restart) return;
    await start(harness);
    const one = await grow(harness, { 'a.txt': 'a\n' });
    const other = await grow(harness, { 'b.txt': 'b\n' });
    await merger.advance({ runId, from: base, to: one });
    assert.deepEqual(
      await merger.restart({ runId, from: base, to: other }),
      { status: 'moved', tip: one },
      'restart() from where the integration ref is not must answer "moved" with its tip',
    );
    assert.deepEqual(
      await merger.restart({ runId, from: one, to: other }),
      { status: 'advanced' },
      'restart() from where the integration ref is must answer "advanced"',
    );
    assert.deepEqual(await start(harness), { tip: other }, 'restart() must move the integration ref to `to`');
  });

  test('names the commits that another tip does not contain', async (harness) => {
    const { merger, base } = harness;
    if (!merger.missing) return;
    const one = await grow(harness, { 'a.txt': 'a\n' });
    const two = await grow(harness, { 'b.txt': 'b\n' }, one);
    const tip = await grow(harness, { 'c.txt': 'c\n' });
    const all = await merger.missing({ known: two, tip, limit: 10 });
    assert.deepEqual(
      [all.commits.map(({ id }) => id), all.total],
      [[two, one], 2],
      'missing() must name the commits of `known` that `tip` does not contain, newest first, and count them',
    );
    const first = await merger.missing({ known: two, tip, limit: 1 });
    assert.deepEqual(
      [first.commits.map(({ id }) => id), first.total],
      [[two], 2],
      'missing() must name `limit` commits at most, and count all of them',
    );
    assert.equal(
      (await merger.missing({ known: base, tip, limit: 10 })).total,
      0,
      'missing() must count 0 where `tip` contains `known`',
    );
  });
}
