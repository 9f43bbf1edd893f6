import { makeTask } from '@pwt/testkit';
import { expect, it } from 'vitest';
import { labelsNote } from './labels-note.js';

const tasks = [
  makeTask('1', { runsOn: { gpu: '1' } }),
  makeTask('2'),
  makeTask('3', { runsOn: { os: 'linux' } }),
];

it('says that labels are not looked at, where there is one machine', () => {
  expect(labelsNote(tasks, { name: 'git-worktree' })).toMatchObject([
    { code: 'PWT_LABELS_IGNORED', severity: 'warning', message: expect.stringContaining('(1, 3)') },
  ]);
});

it('says nothing where they are, or where no task has any', () => {
  expect(labelsNote(tasks, { name: 'fleet', placesByLabels: true })).toEqual([]);
  expect(labelsNote([makeTask('2')], { name: 'git-worktree' })).toEqual([]);
});
