import assert from 'node:assert/strict';
import type { IntegrateRequest, MergeStrategy, ReadFile } from '@pwt/core';
import { grow, type MergerHarness, type MergerTest, runId, start, subject } from './merger-harness.js';

const LIST = 'tasks.md';
const OPEN = '- [ ] 1\n- [ ] 2\n- [ ] 3\n';

/** Ticks a task off in the list, as a format does. */
const tick = (id: number) => async (read: ReadFile) => {
  const text = await read(LIST);
  const ticked = text?.replace(`[ ] ${id}`, `[x] ${id}`);
  return ticked === undefined || ticked === text ? [] : [{ path: LIST, text: ticked }];
};

/** Tests of the changes that a request makes beside the merge, and of lists in which many tasks have a line. */
export function mergerEditTests(test: MergerTest): void {
  for (const strategy of ['merge', 'squash', 'rebase'] as const satisfies readonly MergeStrategy[]) {
    const integrate = (
      { merger }: MergerHarness,
      request: Pick<IntegrateRequest, 'onto' | 'commit' | 'edit' | 'lists'>,
    ) => merger.integrate({ runId, subject, message: 'A title\n', strategy, ...request });

    test(`${strategy}: makes further changes in the same commit, on the joined files`, async (harness) => {
      await start(harness);
      const listed = await grow(harness, { [LIST]: OPEN });
      const onto = await grow(harness, { [LIST]: OPEN.replace('[ ] 2', '[x] 2') }, listed);
      const commit = await grow(harness, { 'a.txt': 'a\n' }, listed);
      const request = { onto, commit, edit: tick(1) };
      const outcome = await integrate(harness, request);
      assert.equal(outcome.status, 'merged', 'a request with `edit` must be merged as one without');
      if (outcome.status !== 'merged') return;
      const files = await harness.filesOf(outcome.commit);
      assert.deepEqual(
        [files[LIST], files['a.txt']],
        ['- [x] 1\n- [x] 2\n- [ ] 3\n', 'a\n'],
        'the commit must have the joined files with the changes of `edit`',
      );
      assert.equal((await harness.parentsOf(outcome.commit))[0], onto, 'there must be no commit in between');
      assert.equal(outcome.onlyEdits, undefined, '`onlyEdits` is for work that `onto` contains');
      const again = await integrate(harness, request);
      assert.equal(again.status, 'merged', 'the same request must be merged again');
      if (again.status === 'merged')
        assert.deepEqual(
          await harness.filesOf(again.commit),
          files,
          'the same request must give the same files',
        );
    });

    test(`${strategy}: makes the changes alone where the work is there already`, async (harness) => {
      await start(harness);
      const onto = await grow(harness, { [LIST]: OPEN });
      const outcome = await integrate(harness, { onto, commit: onto, edit: tick(3) });
      assert.equal(
        outcome.status,
        'merged',
        'changes of `edit` must be committed also where the work is contained',
      );
      if (outcome.status !== 'merged') return;
      assert.equal(outcome.onlyEdits, true, '`onlyEdits` must say that the commit has no work');
      assert.deepEqual(
        await harness.parentsOf(outcome.commit),
        [onto],
        'it must have `onto` as its only parent',
      );
      assert.equal((await harness.filesOf(outcome.commit))[LIST], OPEN.replace('[ ] 3', '[x] 3'));
      assert.deepEqual(
        await integrate(harness, { onto: outcome.commit, commit: onto, edit: tick(3) }),
        { status: 'contained' },
        'where `edit` changes nothing, contained work must be answered with "contained"',
      );
    });

    test(`${strategy}: reads the joined files, and nothing else`, async (harness) => {
      await start(harness);
      const onto = await grow(harness, { 'ours.txt': 'ours\n' });
      const commit = await grow(harness, { 'theirs.txt': 'theirs\n' });
      const read: Record<string, string | undefined> = {};
      const edit = async (file: ReadFile) => {
        for (const path of ['ours.txt', 'theirs.txt', 'none.txt', '../ours.txt', '.git/config'])
          read[path] = await file(path);
        return [];
      };
      await integrate(harness, { onto, commit, edit });
      assert.deepEqual(
        read,
        {
          ...{ 'ours.txt': 'ours\n', 'theirs.txt': 'theirs\n', 'none.txt': undefined },
          ...{ '../ours.txt': undefined, '.git/config': undefined },
        },
        '`read` must give the files of both sides, and nothing from outside of the commit',
      );
    });

    test(`${strategy}: makes no change that leads out, and the others`, async (harness) => {
      await start(harness);
      const commit = await grow(harness, { 'a.txt': 'a\n' });
      const paths = [
        '../out.txt',
        '/out.txt',
        'sub/../../out.txt',
        '.git/hooks/post-merge',
        'sub/.git/config',
      ];
      const edit = async () => ['new/in.txt', ...paths].map((path) => ({ path, text: 'x\n' }));
      const outcome = await integrate(harness, { onto: harness.base, commit, edit });
      assert.equal(outcome.status, 'merged', 'a change that is refused must not stop the others');
      if (outcome.status !== 'merged') return;
      assert.deepEqual(
        outcome.refused?.map(({ path, reason }) => `${path}: ${reason}`),
        paths.map((path) => `${path}: outside`),
        '`refused` must name each change that was not made',
      );
      const files = Object.keys(await harness.filesOf(outcome.commit)).filter((path) => path !== 'base.txt');
      assert.deepEqual(
        files.filter((path) => path.includes('out') || path.includes('.git')),
        [],
      );
      assert.ok(files.includes('new/in.txt'), 'a new file of `edit` must be in the commit');
    });

    test(`${strategy}: joins the lines of a list`, async (harness) => {
      await start(harness);
      const listed = await grow(harness, { [LIST]: OPEN });
      const onto = await grow(harness, { [LIST]: OPEN.replace('[ ] 1', '[x] 1') }, listed);
      const commit = await grow(harness, { [LIST]: OPEN.replace('[ ] 2', '[x] 2'), 'a.txt': 'a\n' }, listed);
      const outcome = await integrate(harness, { onto, commit, lists: [LIST], edit: tick(2) });
      assert.equal(
        outcome.status,
        'merged',
        'lines that one side alone has changed must be no conflict in a list',
      );
      if (outcome.status === 'merged')
        assert.equal((await harness.filesOf(outcome.commit))[LIST], '- [x] 1\n- [x] 2\n- [ ] 3\n');
      const other = await grow(harness, { [LIST]: OPEN.replace('[ ] 1', '[-] 1') }, listed);
      const conflicted = await integrate(harness, { onto, commit: other, lists: [LIST] });
      assert.equal(conflicted.status, 'conflicted', 'a line that both sides have changed must be a conflict');
      if (conflicted.status === 'conflicted')
        assert.deepEqual(
          conflicted.paths.map(({ path }) => path),
          [LIST],
        );
    });
  }

  test('replays with further changes, and joins the lines of a list', async (harness) => {
    const { merger } = harness;
    if (!merger.replay) return;
    await start(harness);
    const listed = await grow(harness, { [LIST]: OPEN });
    const over = await grow(harness, { 'gone.txt': 'gone\n' }, listed);
    const commit = await grow(harness, { 'a.txt': 'a\n', [LIST]: OPEN.replace('[ ] 2', '[x] 2') }, over);
    const onto = await grow(harness, { [LIST]: OPEN.replace('[ ] 1', '[x] 1') }, listed);
    const request = { runId, subject, message: 'A title\n', over, lists: [LIST], edit: tick(3) };
    const outcome = await merger.replay({ ...request, onto, commit });
    assert.equal(
      outcome.status,
      'merged',
      'lines that one side alone has changed must be no conflict in a list',
    );
    if (outcome.status !== 'merged') return;
    const files = await harness.filesOf(outcome.commit);
    assert.deepEqual(
      [files[LIST], files['a.txt'], files['gone.txt']],
      ['- [x] 1\n- [x] 2\n- [x] 3\n', 'a\n', undefined],
      'replay() must make the changes of `edit`, too',
    );
    assert.deepEqual(
      await merger.replay({ ...request, onto: outcome.commit, commit }),
      { status: 'contained' },
      'replayed work that is there with its marks must be answered with "contained"',
    );
  });
}
