import { describe, expect, it } from 'vitest';
import { groupOf } from './task-groups.js';

const task = (id: string, folder: string, phase: string) => ({
  ...{ id, specs: [{ path: `${folder}/tasks.md`, text: '', hash: '0' }] },
  context: { folder, phase },
});
const tasks = [
  task('001-T001', 'specs/001-photos', 'Phase 1: Setup'),
  task('001-T002', 'specs/001-photos', 'Phase 3: User Story 1 - Search, find'),
  task('007-T001', 'specs/007-search', 'Phase 1: Setup'),
  task('007-T010', 'specs/007-search', 'Phase 10'),
  { id: '1.1' },
];

describe('what stands for several tasks', () => {
  it.each([
    ['007-*', ['007-T001', '007-T010']],
    ['*-t00?', ['001-T001', '001-T002', '007-T001']],
    ['0.7-*', []],
    ['{001,007}-T001', ['001-T001', '007-T001']],
    ['[*', []],
    ['specs/001-photos', ['001-T001', '001-T002']],
    ['./specs/001-photos/', ['001-T001', '001-T002']],
    ['specs/007-search/tasks.md', ['007-T001', '007-T010']],
    ['specs', ['001-T001', '001-T002', '007-T001', '007-T010']],
    ['spec', []],
    ['001-photos', ['001-T001', '001-T002']],
    ['phase 1', ['001-T001', '007-T001']],
    ['Phase 10', ['007-T010']],
    ['Phase 3: User Story 1 - Search, find', ['001-T002']],
    ['Pha', []],
    ['007', ['007-T001', '007-T010']],
    ['1', ['1.1']],
    ['00', []],
    ['/', []],
    ['.', []],
  ])('%s', (word, ids) => expect(groupOf(word, tasks)).toEqual(ids));

  it('reads a hostile pattern in no time', () => {
    expect(groupOf(`${'*a'.repeat(40)}b`, [{ id: 'a'.repeat(100) }])).toEqual([]);
  }, 2000);
});
