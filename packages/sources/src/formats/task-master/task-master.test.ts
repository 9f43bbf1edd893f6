import { describe, expect, it } from 'vitest';
import { MemoryFiles, ROOT } from '../../../test/memory-files.js';
import { openFormat } from '../../formats.js';

const FILE = '.taskmaster/tasks/tasks.json';

function source(files: Readonly<Record<string, unknown>>, options?: object) {
  const texts = Object.entries(files).map(([path, value]) => [
    path,
    typeof value === 'string' ? value : JSON.stringify(value, null, 2),
  ]);
  return openFormat('task-master', { root: ROOT, fs: new MemoryFiles(Object.fromEntries(texts)), options });
}

const task = (id: number | string, fields: object = {}) => ({
  id,
  title: `Task ${id}`,
  status: 'pending',
  ...fields,
});
const idsOf = (tasks: readonly { readonly id: string }[]) => tasks.map(({ id }) => id);

describe('the tasks of task-master', () => {
  it.each([
    ['with tags', FILE, { master: { tasks: [task(1)], metadata: {} } }],
    ['without tags', FILE, { tasks: [task(1)] }],
    ['where an early version put them', 'tasks/tasks.json', { tasks: [task('1')] }],
  ])('are read %s', async (_, path, content) => {
    const { tasks, diagnostics } = await source({ [path]: content }).load({});
    expect(idsOf(tasks)).toEqual(['tm-1']);
    expect(diagnostics).toEqual([]);
  });

  it('are those of the current tag; unfinished ones of other tags are named', async () => {
    const files = {
      [FILE]: {
        master: { tasks: [task(1), task(2)] },
        feature: { tasks: [task(1, { dependencies: ['2'] }), task(2)] },
        old: { tasks: [task(9, { status: 'done' })] },
      },
      '.taskmaster/state.json': { currentTag: 'feature' },
    };
    const { tasks, diagnostics } = await source(files).load({});
    expect(tasks.map(({ id, dependsOn, context }) => [id, dependsOn, context?.phase])).toEqual([
      ['tm-1', ['tm-2'], 'feature'],
      ['tm-2', [], 'feature'],
    ]);
    expect(diagnostics).toMatchObject([
      { code: 'PWT_TASK_TAGS', severity: 'info', message: expect.stringContaining('master (2)') },
    ]);
    expect(diagnostics[0]?.hint).toContain('["task-master",{"tags":["master","feature"]}]');
    const both = await source(files, { tags: ['master', 'feature', 'gone'] }).load({});
    expect(idsOf(both.tasks)).toEqual(['master-1', 'master-2', 'feature-1', 'feature-2']);
    expect(both.diagnostics).toMatchObject([{ code: 'PWT_TASK_TAGS', severity: 'warning' }]);
  });

  it('ask for labels of a machine, subtasks for those of their whole', async () => {
    const parts = [
      { id: 1, title: 'Part', status: 'pending' },
      { id: 2, title: 'Other', status: 'pending', runsOn: { gpu: '2' } },
    ];
    const tasks = [task(1, { runsOn: { gpu: '1' }, subtasks: parts }), task(2, { runsOn: 'linux' })];
    const read = await source({ [FILE]: { tasks } }).load({});
    expect(read.tasks.map(({ id, runsOn }) => [id, runsOn])).toEqual([
      ['tm-1.1', { gpu: '1' }],
      ['tm-1.2', { gpu: '2' }],
      ['tm-2', undefined],
    ]);
    expect(read.diagnostics).toMatchObject([{ code: 'PWT_RUNS_ON_INVALID', path: FILE, taskIds: ['tm-2'] }]);
  });

  it('mark the task of their own tag where several are read', async () => {
    const content = { a: { tasks: [task(1)] }, b: { tasks: [task(1)] } };
    const given = source({ [FILE]: content }, { tags: ['a', 'b'] });
    const [, second] = (await given.load({})).tasks;
    if (!second) throw new Error('no second task');
    const text = JSON.stringify(content, null, 2);
    const [edit] = (await given.markDone?.({ task: second, read: async () => text })) ?? [];
    expect(JSON.parse(edit?.text ?? '')).toEqual({ ...content, b: { tasks: [task(1, { status: 'done' })] } });
  });

  it('wait across tasks and subtasks, and who waits for a task waits for all its subtasks', async () => {
    const first = task(1, {
      dependencies: [3],
      subtasks: [task(1), task(2, { dependencies: [1, '3.1', 1.2] })],
    });
    const { tasks } = await source({
      [FILE]: { tasks: [first, task(2, { dependencies: [1, 2] }), task(3, { subtasks: [task('3.1')] })] },
    }).load({});
    expect(tasks.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      ['tm-1.1', ['tm-3.1']],
      ['tm-1.2', ['tm-3.1', 'tm-1.1']],
      ['tm-2', ['tm-1.1', 'tm-1.2']],
      ['tm-3.1', []],
    ]);
  });

  it('are the subtasks; where the whole task is asked for, they are named', async () => {
    const { diagnostics } = await source({
      [FILE]: { tasks: [task(1, { subtasks: [task(1), task(2)] })] },
    }).load({ ids: ['tm-1'] });
    expect(diagnostics).toMatchObject([
      { code: 'PWT_TASK_UNKNOWN', hint: 'tm-1 is worked on by its subtasks: tm-1.1, tm-1.2.' },
    ]);
  });

  it('are kept back by their status and that of their task, with those that wait for them', async () => {
    const given = source({
      [FILE]: {
        tasks: [
          task(1, { status: 'deferred', subtasks: [task(1)] }),
          task(2, { dependencies: [1] }),
          task(3, { status: 'review' }),
          task(4, { status: 'cancelled' }),
          task(5, { dependencies: [4] }),
        ],
      },
    });
    const { tasks, diagnostics } = await given.load({});
    expect(tasks.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([['tm-5', []]]);
    expect(diagnostics.find(({ code }) => code === 'PWT_TASK_DEFERRED')?.message).toBe(
      'Left out, because they are kept back: tm-1.1, tm-3. Left out, because they wait for those: tm-2.',
    );
    const asked = await given.load({ ids: ['tm-3', 'tm-2'] });
    expect(idsOf(asked.tasks)).toEqual(['tm-3', 'tm-2']);
    expect(asked.tasks[0]).not.toHaveProperty('deferred');
    expect(asked.diagnostics).toEqual([]);
  });

  it('have the text of their task, in which nothing is claimed where they name files themselves', async () => {
    const whole = task(1, {
      details: 'Uses src/whole.ts\n```\ncode\n```',
      subtasks: [task(1, { details: 'In src/part.ts' }), task(2)],
    });
    const { tasks } = await source({ [FILE]: { tasks: [whole] } }).load({});
    const [first, second] = tasks.map(({ specs }) => specs[0]?.text ?? '');
    expect(first).toMatch(/~{8}text\nTask 1\n\nUses src\/whole\.ts\n```\ncode\n```\n~{8}/);
    expect(second).toContain('## Part of task 1\n\nTask 1\n\nUses src/whole.ts');
    expect(tasks[0]?.specs[0]).toMatchObject({ firstLine: 9, oneLine: true });
  });

  it.each([
    ['{ "master": { "tasks": [\n  { "id": 1,\n}', 3, 'error'],
    ['<<<<<<< HEAD\n{}\n', 1, 'error'],
    ['[]', 1, 'error'],
    ['{ "tasks": [\n  { "title": "No id" },\n  7\n] }', 2, 'warning'],
  ])('that can not be read are said with their line: %j', async (text, line, severity) => {
    const { tasks, diagnostics } = await source({ [FILE]: text }).load({});
    expect(tasks).toEqual([]);
    expect(diagnostics[0]).toMatchObject({ code: 'PWT_TASK_INVALID', severity, path: FILE, line });
  });
});
