import { expect, it } from 'vitest';
import type { SpecFile } from './task.js';
import { taskLists } from './task-lists.js';
import type { TaskState } from './task-state.js';

const spec = (path: string, firstLine?: number): SpecFile => ({
  ...{ path, text: '', hash: '' },
  ...(firstLine !== undefined && { firstLine }),
});

function listsOf(...specs: SpecFile[][]): readonly string[] {
  const tasks = specs.map((own, at) => [
    `${at}`,
    { task: { id: `${at}`, title: '', specs: own, dependsOn: [] } },
  ]);
  return taskLists({ tasks: new Map(tasks as unknown as [string, TaskState][]) });
}

it('are the main texts of several tasks, and those of which a task is a part', () => {
  expect(listsOf([spec('a.md')], [spec('b.md'), spec('b.md')], [])).toEqual([]);
  expect(listsOf([spec('list.json')], [spec('list.json')], [spec('b.md')])).toEqual(['list.json']);
  expect(listsOf([spec('a.md'), spec('design.md')], [spec('b.md'), spec('design.md')])).toEqual([]);
  expect(listsOf([spec('a.md', 3)], [spec('b.md')])).toEqual(['a.md']);
});
