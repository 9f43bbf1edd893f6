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

it('are looked up again when the run has got another task', () => {
  const entry = (at: number): [string, TaskState] => {
    const task = { id: `${at}`, title: '', specs: [spec('list.json')], dependsOn: [] };
    return [task.id, { task } as unknown as TaskState];
  };
  const tasks = new Map([entry(1)]);
  expect(taskLists({ tasks })).toEqual([]);
  tasks.set(...entry(2));
  expect(taskLists({ tasks })).toEqual(['list.json']);
});
