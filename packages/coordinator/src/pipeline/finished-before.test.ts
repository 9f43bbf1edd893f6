import type { TaskIn, TaskState } from '@pwt/core';
import { makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { finishedBefore } from './finished-before.js';

function integrated(id: string, integratedAt: number, dependsOn: readonly string[] = []): TaskState {
  const task = makeTask(id, { dependsOn });
  return { task, phase: 'integrated', integratedAt, changes: [] } as unknown as TaskState;
}

const about = (dependsOn: readonly string[] = [], dispatchedAt = 1e9) =>
  ({ task: makeTask('me', { dependsOn }), dispatchedAt }) as unknown as TaskIn<'prepared'>;

const idsOf = (tasks: readonly TaskState[], me = about()) =>
  finishedBefore({ tasks: new Map(tasks.map((task) => [task.task.id, task])) }, me).map(
    ({ taskId }) => taskId,
  );

describe('what is finished before a task', () => {
  it('is what it needs, what that needs, and the rest from the newest on', () => {
    const tasks = [integrated('a', 1), integrated('b', 2, ['a']), integrated('c', 3), integrated('d', 4)];
    expect(idsOf(tasks, about(['b']))).toEqual(['b', 'a', 'd', 'c']);
  });

  it('is not what came later', () => {
    expect(idsOf([integrated('a', 1), integrated('b', 5)], about([], 3))).toEqual(['a']);
  });

  it('is the newest hundred of very many, whatever their order in the run', () => {
    const times = Array.from({ length: 5000 }, (_, at) => (at * 2657) % 5000);
    const found = idsOf(times.map((time) => integrated(`t${time}`, time)));
    expect(found).toEqual(Array.from({ length: 100 }, (_, at) => `t${4999 - at}`));
  });

  it('has no room for others where a hundred are needed', () => {
    const needed = Array.from({ length: 150 }, (_, at) => integrated(`n${at}`, at));
    const tasks = [...needed, integrated('other', 1000)];
    const found = idsOf(tasks, about(needed.map(({ task }) => task.id)));
    expect(found).toHaveLength(100);
    expect(found).not.toContain('other');
  });
});
