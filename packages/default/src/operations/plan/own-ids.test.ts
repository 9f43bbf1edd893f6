import type { LoadRequest, Task, TaskSource } from '@pwt/core';
import { makeTask } from '@pwt/testkit';
import { expect, it } from 'vitest';
import { loadTasks } from './load-tasks.js';
import { withOwnIds } from './own-ids.js';

/** A source as formats are: it leaves finished tasks out, and says which. */
function source(name: string, tasks: readonly Task[], done: readonly string[] = []): TaskSource {
  return {
    name,
    load: async ({ ids }: LoadRequest) => {
      const unknown = (ids ?? []).filter((id) => !tasks.some((task) => task.id === id));
      return {
        tasks: tasks.filter(({ id }) => !ids || ids.includes(id)),
        diagnostics: [
          ...(ids || done.length === 0
            ? []
            : [
                {
                  ...({ code: 'PWT_TASK_DONE', severity: 'info', taskIds: done } as const),
                  message: `Left out, because they are finished: ${done.join(', ')}.`,
                },
              ]),
          ...unknown.map((id) => ({
            ...({ code: 'PWT_TASK_UNKNOWN', severity: 'error', message: 'none', taskIds: [id] } as const),
          })),
        ],
      };
    },
    normaliseId: (id) => id.toLowerCase(),
  };
}

const load = async (sources: readonly TaskSource[], ...typed: string[]) =>
  loadTasks(
    sources.map((one) => ({ name: `the format ${one.name}`, source: one })),
    typed,
  );
const ids = async (sources: readonly TaskSource[], ...typed: string[]) =>
  (await load(sources, ...typed)).tasks.map(({ id }) => id);

const kiro = (...open: string[]) =>
  source(
    'kiro',
    open.map((id) => makeTask(id)),
    ['search-1', 'search-2'].filter((id) => !open.includes(id)),
  );
const agentOs = source('agent-os', [
  makeTask('search-1'),
  makeTask('search-2', { dependsOn: ['search-1'] }),
  makeTask('other-1', { dependsOn: ['search-2'] }),
]);
const renamed = ['agent-os-search-1', 'agent-os-search-2', 'other-1'];

it('keeps the longer ids when the other tasks are finished', async () => {
  expect(await ids([kiro('search-1', 'search-2'), agentOs])).toEqual(['search-1', 'search-2', ...renamed]);
  expect(await ids([kiro('search-2'), agentOs])).toEqual(['search-2', ...renamed]);
  expect(await ids([kiro(), agentOs])).toEqual(renamed);
});

it('finds a task by either id, as long as no other one has it', async () => {
  const both = [kiro('search-1', 'search-2'), agentOs];
  expect(await ids(both, 'agent-os-search-2')).toEqual(['agent-os-search-2']);
  expect(await ids(both, 'Agent-OS-Search-2', 'search-2')).toEqual(['agent-os-search-2', 'search-2']);
  expect(await ids([source('kiro', []), agentOs], 'agent-os-search-1')).toEqual(['search-1']);
  expect(await ids([agentOs], 'search-1')).toEqual(['search-1']);
  await expect(ids([kiro(), agentOs], 'search-1')).rejects.toMatchObject({ code: 'PWT_TASK_UNKNOWN' });
});

it('says so, lets dependencies follow, and keeps the id by which the source knows the task', async () => {
  const { tasks, diagnostics } = await load([kiro('search-1'), agentOs]);
  expect(tasks.map(({ dependsOn }) => dependsOn)).toEqual([
    [],
    [],
    ['agent-os-search-1'],
    ['agent-os-search-2'],
  ]);
  expect(tasks.map(({ idInSource }) => idInSource)).toEqual([undefined, 'search-1', 'search-2', undefined]);
  expect(diagnostics.map(({ code }) => code)).toEqual(['PWT_TASK_DONE', 'PWT_TASK_ID_PREFIXED']);
});

it('names finished tasks of all sources in one sentence, as the plan calls them', async () => {
  const { diagnostics } = await load([
    source('kiro', [], ['search-1']),
    source('agent-os', [], ['search-1', 'b-1']),
  ]);
  expect(diagnostics).toEqual([
    {
      ...{ code: 'PWT_TASK_DONE', severity: 'info' },
      message: 'Left out, because they are finished: search-1, agent-os-search-1, b-1.',
      taskIds: ['search-1', 'agent-os-search-1', 'b-1'],
    },
  ]);
});

it('reads a single source no more than it has to', async () => {
  const one = [{ name: 'x', source: agentOs }];
  expect(await withOwnIds(one)).toBe(one);
});
