import assert from 'node:assert/strict';
import type { CommitId } from '@pwt/core';
import { grow, type MergerHarness, type MergerTest, runId, start, subject } from './merger-harness.js';

/** Tests of what a task's work becomes: with one parent, it is the join of both sides all the same. */
export function mergerStrategyTests(test: MergerTest): void {
  for (const strategy of ['squash', 'rebase'] as const) {
    const integrate = ({ merger }: MergerHarness, onto: CommitId, commit: CommitId) =>
      merger.integrate({ runId, subject, onto, commit, message: 'A title\n', strategy });

    test(`${strategy}: makes one commit on top of onto, with the files of both sides`, async (harness) => {
      await start(harness);
      const onto = await grow(harness, { 'a.txt': 'a\n' });
      const commit = await grow(harness, { 'c.txt': 'c\n' }, await grow(harness, { 'b.txt': 'b\n' }));
      const outcome = await integrate(harness, onto, commit);
      assert.equal(outcome.status, 'merged', 'two sides without a conflict must be joined');
      if (outcome.status !== 'merged') return;
      assert.deepEqual(
        await harness.parentsOf(outcome.commit),
        [onto],
        `a commit of the strategy ${strategy} must have \`onto\` as its only parent`,
      );
      const files = await harness.filesOf(outcome.commit);
      assert.deepEqual(
        [files['a.txt'], files['b.txt'], files['c.txt']],
        ['a\n', 'b\n', 'c\n'],
        'a joined commit must have the files of both sides',
      );
    });

    test(`${strategy}: puts one task's work on another's`, async (harness) => {
      await start(harness);
      const first = await integrate(harness, harness.base, await grow(harness, { 'a.txt': 'a\n' }));
      assert.equal(first.status, 'merged');
      if (first.status !== 'merged') return;
      const second = await integrate(harness, first.commit, await grow(harness, { 'b.txt': 'b\n' }));
      assert.equal(second.status, 'merged', 'a commit must be joined with a squashed or rebased one');
      if (second.status !== 'merged') return;
      const files = await harness.filesOf(second.commit);
      assert.deepEqual(
        [files['a.txt'], files['b.txt'], await harness.parentsOf(second.commit)],
        ['a\n', 'b\n', [first.commit]],
        'a chain of commits must take nothing of the first back',
      );
    });

    test(`${strategy}: says when nothing would change, and what conflicts`, async (harness) => {
      await start(harness);
      const onto = await grow(harness, { 'a.txt': 'a\n', 'b.txt': 'b\n' });
      assert.deepEqual(
        await integrate(harness, onto, await grow(harness, { 'a.txt': 'a\n' })),
        { status: 'contained' },
        'a commit all of whose changes `onto` has must be answered with "contained"',
      );
      const outcome = await integrate(harness, onto, await grow(harness, { 'a.txt': 'theirs\n' }));
      assert.equal(outcome.status, 'conflicted', 'a conflict must be the answer "conflicted"');
    });
  }
}
