import type { SpecFile, Task } from '@pwt/core';
import { makeTask } from '@pwt/testkit';
import type { TaskMarker } from '../src/run/coordinator-parts.js';

export const LIST = 'tasks.md';

/** A list with a box for each task. */
export function list(ids: readonly string[], done: readonly string[] = []): string {
  return ids.map((id) => `- [${done.includes(id) ? 'x' : ' '}] ${id}\n`).join('');
}

/** A task with a line in the list. */
export function listed(id: string, extra: Partial<Task> = {}): Task {
  const spec: SpecFile = { path: LIST, text: `- [ ] ${id}\n`, firstLine: 1, hash: id };
  return { ...makeTask(id, extra), specs: [spec], source: 'list' };
}

/** The text with the box of a task ticked off. */
export function tick(text: string, id: string): string {
  return text.replace(new RegExp(`^- \\[ \\] ${id}$`, 'm'), `- [x] ${id}`);
}

/** Ticks boxes, as a format does. */
export const ticker: TaskMarker = {
  name: 'list',
  markDone: async ({ task, read }) => {
    const text = await read(LIST);
    const ticked = text === undefined ? text : tick(text, task.id);
    return text === undefined || ticked === undefined || ticked === text
      ? []
      : [{ path: LIST, text: ticked }];
  },
};

/** The ids that are ticked off. */
export function doneIn(text: string | undefined): string[] {
  return [...(text ?? '').matchAll(/^- \[x\] (.*)$/gm)].map(([, id = '']) => id);
}
