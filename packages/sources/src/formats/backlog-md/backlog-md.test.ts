import { describe, expect, it } from 'vitest';
import { MemoryFiles, ROOT } from '../../../test/memory-files.js';
import { openFormat } from '../../formats.js';

function source(files: Readonly<Record<string, string>>, options?: object) {
  return openFormat('backlog-md', { root: ROOT, fs: new MemoryFiles(files), options });
}

const text = (fields: string) => `---\n${fields}\n---\n\nText.\n`;
const summary = async (files: Readonly<Record<string, string>>, options?: object) =>
  (await source(files, options).load({})).tasks.map(({ id, dependsOn }) => [id, dependsOn]);

describe('the tasks of Backlog.md', () => {
  it('lie where its configuration says', async () => {
    const files = {
      'backlog.config.yml': 'project_name: x\nbacklog_directory: "./work/board/"\n',
      'work/board/tasks/task-1 - A.md': text('id: TASK-1\ntitle: A'),
      'backlog/tasks/task-2 - B.md': text('id: TASK-2\ntitle: B'),
    };
    expect(await summary(files)).toEqual([['TASK-1', []]]);
    expect(await summary(files, { folder: 'backlog' })).toEqual([['TASK-2', []]]);
    const outside = { ...files, 'backlog.config.yml': 'backlog_directory: ../x\n' };
    expect(await summary(outside)).toEqual([['TASK-2', []]]);
    expect(await summary({ '.backlog/tasks/bug-7 - C.md': text('title: C') })).toEqual([['BUG-7', []]]);
  });

  it('are found in folders of epics, and by ids with another prefix or other zeros', async () => {
    expect(
      await summary({
        'backlog/tasks/epics/one/back-3.01 - A.md': text('id: BACK-3.01\ntitle: A\ndependencies: [task-3.2]'),
        'backlog/tasks/back-3.2-b.md': text('id: BACK-3.2\ntitle: B\ndependencies:\n  - back-9'),
        'backlog/archive/epic-1/task-9 - C.md': text('id: TASK-9\ntitle: C\nstatus: To Do'),
      }),
    ).toEqual([
      ['BACK-3.01', ['BACK-3.2']],
      ['BACK-3.2', []],
    ]);
  });

  it('wait for their parts, unless a part waits for them', async () => {
    const files = {
      'backlog/tasks/task-1 - A.md': text('id: task-1\ntitle: Whole'),
      'backlog/tasks/task-1.1 - B.md': text('id: task-1.1\ntitle: First\nparent_task_id: TASK-1'),
      'backlog/tasks/task-1.2 - C.md': text(
        'id: task-1.2\ntitle: Second\nparent_task_id: task-1\ndependencies: [task-1]',
      ),
    };
    expect(await summary(files)).toEqual([
      ['TASK-1', ['TASK-1.1']],
      ['TASK-1.1', []],
      ['TASK-1.2', ['TASK-1']],
    ]);
    expect((await source(files).load({})).tasks.map(({ verification }) => verification)).toEqual([
      true,
      undefined,
      undefined,
    ]);
  });

  it('ask for labels of a machine', async () => {
    const files = {
      'backlog/tasks/task-1 - A.md': text('id: TASK-1\ntitle: A\nruns-on: {gpu: "1"}'),
      'backlog/tasks/task-2 - B.md': text('id: TASK-2\ntitle: B\nruns-on: linux'),
    };
    const { tasks, diagnostics } = await source(files).load({});
    expect(tasks.map(({ runsOn }) => runsOn)).toEqual([{ gpu: '1' }, undefined]);
    const path = 'backlog/tasks/task-2 - B.md';
    expect(diagnostics).toMatchObject([{ code: 'PWT_RUNS_ON_INVALID', path, line: 4, taskIds: ['TASK-2'] }]);
  });

  it('come as on the board: by ordinal, then by number', async () => {
    const file = (id: string, more = '') => [
      `backlog/tasks/task-${id} - x.md`,
      text(`id: task-${id}\ntitle: x${more}`),
    ];
    const files = Object.fromEntries([
      file('10'),
      file('9'),
      file('8', '\nordinal: 2000'),
      file('7', '\nordinal: 500.5'),
    ]);
    expect((await summary(files)).map(([id]) => id)).toEqual(['TASK-7', 'TASK-8', 'TASK-9', 'TASK-10']);
  });

  it('are taken up again where a finished one had the same number', async () => {
    const files = {
      'backlog/tasks/task-5 - New.md': text('id: TASK-5\ntitle: New'),
      'backlog/archive/tasks/task-5 - Old.md': text('id: TASK-5\ntitle: Old'),
      'backlog/completed/task-5 - Older.md': text('id: TASK-5\ntitle: Older'),
    };
    const { tasks, diagnostics } = await source(files).load({});
    expect(tasks.map(({ title }) => title)).toEqual(['New']);
    expect(diagnostics).toEqual([]);
  });

  it.each([
    ["Won't Do", []],
    ['completed', []],
    ['Blocked', []],
    ['In Progress', ['TASK-1']],
  ])('with the status %s', async (status, left) => {
    const files = { 'backlog/tasks/task-1 - A.md': text(`id: TASK-1\ntitle: A\nstatus: ${status}`) };
    expect((await summary(files)).map(([id]) => id)).toEqual(left);
  });

  it('name the documents that are there', async () => {
    const { tasks } = await source({
      'docs/login.md': '',
      'backlog/tasks/task-1 - A.md': text(
        "id: TASK-1\ntitle: A\nmilestone: m-1\nreferences:\n  - 'https://a.example/x'\n  - ../../etc/passwd\n  - docs/gone.md\ndocumentation: [docs/login.md]",
      ),
    }).load({});
    expect(tasks[0]?.context).toEqual({ phase: 'm-1', documents: ['docs/login.md'] });
  });

  it('are marked with the last status of the configuration, and nothing else is ticked', async () => {
    const path = '.backlog/tasks/a/task-1 - A.md';
    const before = `${text('id: TASK-1\ntitle: A\nstatus: To Do # for now')}- [ ] #1 It works\n`;
    const files = { [path]: before, '.backlog/config.yml': 'statuses: ["To Do", "Shipped: all"]\n' };
    const given = source(files);
    const [task] = (await given.load({})).tasks;
    if (!task) throw new Error('no task');
    const read = async (at: string) => (files as Record<string, string>)[at];
    expect(await given.markDone?.({ task, read })).toEqual([
      { path, text: before.replace('To Do', '"Shipped: all"') },
    ]);
  });
});
