import type { TaskSource } from '@pwt/core';
import { makeTask } from '@pwt/testkit';
import { expect, it } from 'vitest';
import { unmarkedNote } from './unmarked-note.js';

const source = (name: string, markDone?: TaskSource['markDone']) => ({
  name: `the format ${name}`,
  source: { name, load: async () => ({ tasks: [], diagnostics: [] }), ...(markDone && { markDone }) },
});
const sources = [source('list', async () => []), source('tracker'), source('other')];
const tasks = [makeTask('1', { source: 'list' }), makeTask('2', { source: 'tracker' }), makeTask('3')];

it('names the sources of tasks that have no place for a mark', () => {
  expect(unmarkedNote({ markDone: true }, tasks, sources)).toEqual([
    {
      code: 'PWT_MARK_NO_PLACE',
      severity: 'info',
      taskIds: ['2'],
      message: 'Tasks of the format tracker are not marked as done: it has no place for a mark.',
    },
  ]);
});

it('says nothing where nothing is to be marked', () => {
  expect(unmarkedNote({ markDone: false }, tasks, sources)).toEqual([]);
});
