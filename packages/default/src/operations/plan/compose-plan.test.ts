import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Claim, type Separator, type Task, type TaskSource, unknownScopeClaim } from '@pwt/core';
import { makeClaim, makeClaims, makeTask, TemporaryRepository } from '@pwt/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../config/resolve.js';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import { openProject, type Project } from '../../project/project.js';
import { composePlan } from './compose-plan.js';

let repository: TemporaryRepository;
let project: Project;
beforeAll(async () => {
  repository = await TemporaryRepository.create({ 'a.txt': 'x', 'src/b.txt': 'y' });
  project = await openProject({ cwd: repository.path, env: repository.env });
});
afterAll(() => repository.dispose());

const source = (...tasks: unknown[]): TaskSource => ({
  name: 'test',
  load: async () => ({ tasks: tasks as Task[], diagnostics: [] }),
});
const separator = (claims: unknown): Separator => ({
  name: 'test',
  separate: async ({ tasks }) => ({
    claims: typeof claims === 'function' ? claims(tasks) : (claims as never),
    diagnostics: [],
  }),
});
const claimAll: Separator = separator((tasks: Task[]) =>
  tasks.map(({ id }) => makeClaims(id, `src/${id}.txt`)),
);

async function plan(
  sources: Record<string, TaskSource>,
  using: Separator = claimAll,
  taskIds: string[] = [],
  landed: string[] = [],
  agentMs: Readonly<Record<string, number>> = {},
  ready = false,
  settings: Partial<ResolvedConfig> = {},
) {
  return composePlan({
    landedBefore: async () => new Map(landed.map((id) => [id, 'run-1'])),
    project,
    config: { ...(await resolveConfig({ root: project.root })), ...settings },
    sources: Object.entries(sources).map(([name, one]) => ({ name, source: one })),
    separator: { name: 'the plugin sep', separator: using },
    target: { branch: 'main', commit: project.repository.headCommit ?? '' },
    taskIds,
    ready,
    experience: Promise.resolve({
      agentMs: ({ id }) => agentMs[id],
      gate: () => undefined,
      prior: { tasks: { decided: 0, red: 0 }, gates: { green: 0, flaky: 0 } },
    }),
  });
}

describe('composePlan', () => {
  it('puts tasks first whose agents took longest in earlier runs, and others among them as average', async () => {
    const one = source(...['1', '2', '3', '4'].map((id) => makeTask(id)));
    const made = await plan({ one }, claimAll, [], [], { '1': 1_000, '2': 2_000, '4': 5_000 });
    expect(made.schedule.order).toEqual(['4', '2', '3', '1']);
    expect(made.schedule.predicted.sequentialMs).toBe(10_000);
  });

  it('joins sources, tree, claims and schedule', async () => {
    const made = await plan({
      one: source(makeTask('1')),
      two: source(makeTask('2', { dependsOn: ['1', '7'] })),
    });
    expect(made.tree.paths).toEqual(['a.txt', 'src/b.txt']);
    expect(made.schedule.order).toEqual(['1', '2']);
    expect(made.claims.map(({ taskId }) => taskId)).toEqual(['1', '2']);
    expect(made.diagnostics).toEqual([
      expect.objectContaining({ code: 'PWT_DEPENDENCY_UNKNOWN', severity: 'warning', taskIds: ['2'] }),
    ]);
  });

  it('takes a dependency that was not asked for as done, and says where it stands', async () => {
    const spec = {
      path: 'tasks/TP-2/PROMPT.md',
      text: '# Task\n\n- TP-10\n- Needs TP-1.\n',
      hash: '',
      firstLine: 5,
    };
    const tasks = [makeTask('TP-1'), makeTask('TP-2', { dependsOn: ['TP-1'], specs: [spec] })];
    const made = await plan({ one: source(...tasks) }, claimAll, ['TP-2']);
    expect(made.diagnostics).toEqual([
      expect.objectContaining({
        ...{ code: 'PWT_DEPENDENCY_OUTSIDE', severity: 'info', taskIds: ['TP-2'] },
        ...{ path: 'tasks/TP-2/PROMPT.md', line: 8 },
      }),
    ]);
  });

  it('lets tasks of unknown scope run beside others where that is configured, and names them once', async () => {
    const unknown = separator((tasks: Task[]) =>
      tasks.map(({ id }) => ({
        taskId: id,
        unknownScope: id !== '1',
        claims:
          id === '1' ? [makeClaim('a.txt')] : [makeClaim('b.txt', { mode: 'read' }), unknownScopeClaim()],
      })),
    );
    const one = source(makeTask('1'), makeTask('2'), makeTask('3'));
    expect((await plan({ one }, unknown)).schedule.predicted.speedup).toBe(1);
    const together = await plan({ one }, unknown, [], [], {}, false, { unknownScope: 'together' });
    expect(together.schedule.predicted.speedup).toBeGreaterThan(1.4);
    expect(together.claims.map(({ claims }) => claims.map(({ pattern }) => pattern))).toEqual([
      ['a.txt'],
      ['b.txt'],
      ['b.txt'],
    ]);
    expect(together.diagnostics).toMatchObject([
      { code: 'PWT_SCOPE_UNKNOWN', severity: 'info', message: expect.stringMatching(/: 2, 3\.$/) },
    ]);
  });

  it('has those only that wait for no unfinished task, and names the others', async () => {
    const one = source(
      makeTask('1'),
      makeTask('2', { dependsOn: ['1'] }),
      makeTask('3'),
      makeTask('4', { dependsOn: ['3'] }),
    );
    const ready = (taskIds: string[]) => plan({ one }, claimAll, taskIds, ['1'], {}, true);
    const all = await ready([]);
    expect(all.tasks.map(({ id }) => id)).toEqual(['2', '3']);
    expect(all.diagnostics.find(({ code }) => code === 'PWT_TASK_WAITS')?.message).toBe(
      'Left out, because they wait for unfinished tasks: 4.',
    );
    expect((await ready(['2', '4'])).tasks.map(({ id }) => id)).toEqual(['2']);
  });

  it('names what is most like an id that is not there, and takes what several have in common', async () => {
    const one = source(makeTask('001-T001'), makeTask('001-T002'), makeTask('002-T001'));
    expect((await plan({ one }, claimAll, ['001'])).tasks.map(({ id }) => id)).toEqual([
      '001-T001',
      '001-T002',
    ]);
    await expect(plan({ one }, claimAll, ['001-T003'])).rejects.toMatchObject({
      code: 'PWT_TASK_UNKNOWN',
      hint: 'Did you mean 001-T001, 001-T002, 002-T001? See which tasks there are: pwt plan',
    });
  });

  it('says so if there are no tasks at all, but not if they have landed', async () => {
    expect((await plan({ one: source() })).diagnostics).toMatchObject([
      { code: 'PWT_NO_TASKS', severity: 'warning' },
    ]);
    const landed = await plan({ one: source(makeTask('1')) }, claimAll, [], ['1']);
    expect(landed.diagnostics).toMatchObject([{ code: 'PWT_TASK_LANDED', severity: 'info' }]);
  });

  it('names tasks in other formats, until the configuration says which formats are read', async () => {
    const path = '.beads/issues.jsonl';
    await repository.write({ [path]: '{"id":"bd-1","title":"A"}\n' });
    const one = source(makeTask('1'));
    const [found] = (await plan({ one })).diagnostics;
    expect(found).toMatchObject({ code: 'PWT_FORMATS_FOUND', severity: 'info' });
    expect(found?.message).toContain(path);
    expect(found?.hint).toContain('"formats": ["spec-files","beads"].');
    expect((await plan({ one: source() })).diagnostics).toMatchObject([{ code: 'PWT_NO_TASKS' }]);
    expect((await plan({ one }, claimAll, ['1'])).diagnostics).toEqual([]);
    const chosen = { formats: ['spec-files'] as const, written: { formats: ['spec-files'] as const } };
    expect((await plan({ one }, claimAll, [], [], {}, false, chosen)).diagnostics).toEqual([]);
    await rm(join(repository.path, '.beads'), { recursive: true });
  });

  it.each(['PWT_TASK_DONE', 'PWT_TASK_DEFERRED'] as const)(
    'does not say that there are none where all are left out: %s',
    async (code) => {
      const found = { code, severity: 'info', message: 'Left out: 1.' } as const;
      const one: TaskSource = { name: 'test', load: async () => ({ tasks: [], diagnostics: [found] }) };
      expect((await plan({ one })).diagnostics).toEqual([found]);
    },
  );

  it('puts claims into the order of the tasks', async () => {
    const reversed = separator((tasks: Task[]) => [...tasks].reverse().map(({ id }) => makeClaims(id, 'x')));
    const made = await plan({ one: source(makeTask('1'), makeTask('2')) }, reversed);
    expect(made.claims.map(({ taskId }) => taskId)).toEqual(['1', '2']);
  });

  it('names tasks that wait for themselves', async () => {
    const made = await plan({
      one: source(makeTask('1', { dependsOn: ['2'] }), makeTask('2', { dependsOn: ['1'] })),
      two: source(makeTask('A', { dependsOn: ['B'] }), makeTask('B', { dependsOn: ['1', 'A'] })),
    });
    expect(made.diagnostics).toMatchObject([
      {
        code: 'PWT_DEPENDENCY_CYCLE',
        severity: 'error',
        taskIds: ['1', '2'],
        path: makeTask('1').specs[0]?.path,
      },
      { code: 'PWT_DEPENDENCY_CYCLE', taskIds: ['A', 'B'], message: expect.stringContaining('A → B → A') },
    ]);
  });

  it('leaves circles to the source that has reported them', async () => {
    const found = {
      code: 'PWT_DEPENDENCY_CYCLE',
      severity: 'error',
      taskIds: ['2'],
      message: 'x',
      line: 3,
    } as const;
    const tasks = [makeTask('1', { dependsOn: ['2'] }), makeTask('2', { dependsOn: ['1'] })];
    const one: TaskSource = { name: 'test', load: async () => ({ tasks, diagnostics: [found] }) };
    expect((await plan({ one })).diagnostics).toEqual([found]);
  });

  it('puts the name of a source before ids that an earlier one has', async () => {
    const made = await plan({
      one: source(makeTask('1')),
      two: { ...source(makeTask('1'), makeTask('2', { dependsOn: ['1'] })), name: 'agent-os' },
    });
    expect(made.tasks.map(({ id, dependsOn }) => [id, ...dependsOn])).toEqual([
      ['1'],
      ['agent-os-1'],
      ['2', 'agent-os-1'],
    ]);
    expect(made.diagnostics).toMatchObject([{ code: 'PWT_TASK_ID_PREFIXED', severity: 'info' }]);
  });

  it('refuses a task that two sources of one name know', async () => {
    const again = source(makeTask('1'), makeTask('test-1'));
    await expect(
      plan({ one: source(makeTask('1'), makeTask('test-1')), two: again, three: again }),
    ).rejects.toMatchObject({
      code: 'PWT_TASK_DUPLICATE',
    });
  });

  it('passes on what a source knows about an id that is no task', async () => {
    const knowing: TaskSource = {
      name: 'test',
      load: async ({ ids = [] }) => ({
        tasks: [],
        diagnostics: ids.map((taskId) => ({
          ...({ code: 'PWT_TASK_UNKNOWN', severity: 'error', message: 'none', taskIds: [taskId] } as const),
          hint: `${taskId} is finished.`,
        })),
      }),
    };
    await expect(plan({ one: source(makeTask('1')), knowing }, claimAll, ['1', '2'])).rejects.toMatchObject({
      code: 'PWT_TASK_UNKNOWN',
      message: 'There is no task 2.',
      hint: '2 is finished. See which tasks there are: pwt plan',
    });
  });

  it('understands an id as any of the sources does', async () => {
    const one = { ...source(makeTask('20')), normaliseId: (id: string) => id.replace(/^US-0*/, '') };
    const two = { ...source(makeTask('TP-1')), normaliseId: (id: string) => id.toUpperCase() };
    const made = await plan({ one, two }, claimAll, ['US-020', 'tp-1']);
    expect(made.tasks.map(({ id }) => id)).toEqual(['20', 'TP-1']);
  });

  it.each([
    ['no list', undefined],
    ['an id with a slash', [{ ...makeTask('1'), id: '../x' }]],
    ['no title', [{ ...makeTask('1'), title: undefined }]],
    ['no specs', [{ ...makeTask('1'), specs: undefined }]],
    ['no dependencies', [{ ...makeTask('1'), dependsOn: undefined }]],
  ])('blames a source that returns %s, by name', async (_what, tasks) => {
    const broken: TaskSource = {
      name: 'test',
      load: async () => ({ tasks: tasks as never, diagnostics: [] }),
    };
    await expect(plan({ 'the plugin src': broken })).rejects.toMatchObject({
      code: 'PWT_PLUGIN_MISBEHAVED',
      message: expect.stringContaining('the plugin src'),
    });
  });

  it.each([
    ['nothing', undefined],
    ['too few entries', []],
    ['one task twice', [makeClaims('1', 'x'), makeClaims('1', 'y')]],
    ['no claims', [{ taskId: '1', unknownScope: false }]],
    ['a pattern that is none', [makeClaims('1', '../outside')]],
    ['a claim without pattern', [{ taskId: '1', claims: [{} as Claim], unknownScope: false }]],
  ])('blames a separator that returns %s, by name', async (_what, claims) => {
    await expect(plan({ one: source(makeTask('1')) }, separator(claims))).rejects.toMatchObject({
      code: 'PWT_PLUGIN_MISBEHAVED',
      message: expect.stringContaining('the plugin sep'),
    });
  });
});
