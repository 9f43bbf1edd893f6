import { describe, expect, it } from 'vitest';
import { buildTasks } from './build-tasks.js';
import { specPathOf } from './spec-path.js';

function build(files: Readonly<Record<string, string>>) {
  return buildTasks(
    Object.entries(files).flatMap(([path, text]) => {
      const spec = specPathOf(path);
      return spec ? [{ ...spec, text }] : [];
    }),
  );
}

const idsOf = (files: Readonly<Record<string, string>>) => build(files).tasks.map(({ id }) => id);

describe('buildTasks', () => {
  it('reads several files of one id together, in the order of their paths', () => {
    const { tasks, diagnostics } = build({ 'specs/SPEC-020-b.md': '# B', 'specs/SPEC-020-a.md': '# A' });
    expect(tasks.map(({ id, title, specs }) => [id, title, specs.map(({ path }) => path)])).toEqual([
      ['20', 'A', ['specs/SPEC-020-a.md', 'specs/SPEC-020-b.md']],
    ]);
    const note = { code: 'PWT_TASK_ID_DUPLICATE', severity: 'info', path: 'specs/SPEC-020-b.md', line: 1 };
    expect(diagnostics).toMatchObject([note]);
  });

  it('has nothing to say about the files of a folder that is one spec', () => {
    const files = { 'specs/SPEC-20-a/one.md': '# A', 'specs/SPEC-20-a/two.md': '# B' };
    expect(build(files).diagnostics).toEqual([]);
  });

  it('takes two spellings of an id for one task, and says so', () => {
    const { tasks, diagnostics } = build({ 'specs/SPEC-20-a.md': '# A', 'specs/SPEC-020-b.md': '# B' });
    expect(tasks).toHaveLength(1);
    expect(diagnostics).toMatchObject([
      { code: 'PWT_TASK_ID_DUPLICATE', severity: 'warning', taskIds: ['20'] },
    ]);
  });

  it('says so, too, when one id is in two folders', () => {
    const { diagnostics } = build({ 'specs/SPEC-20-a.md': '# A', 'docs/specs/SPEC-20-b.md': '# B' });
    expect(diagnostics).toMatchObject([{ code: 'PWT_TASK_ID_DUPLICATE' }]);
  });

  it('tells numbers of priorities from numbers of stories', () => {
    const files = {
      'specs/SPEC-12-us-047-enforce.md': '# E',
      'specs/SPEC-2-us-047-enforce.md': '# E',
      'specs/SPEC-012-stories.md': '# S',
      'specs/SPEC-13-other.md': '# O',
      'specs/SPEC-013-dod.md': '# D',
      'specs/SPEC-2-6-daemon.md': '# T',
    };
    const { tasks, diagnostics, priorityNumbers } = build(files);
    expect(tasks.map(({ id }) => id)).toEqual(['2-6', '12', '13', '47', 'p13']);
    expect(diagnostics).toEqual([]);
    expect(priorityNumbers.get('12')).toBe('47');
  });

  it('sorts ids by value', () => {
    expect(
      idsOf({ 'SPEC-10-a.md': '', 'SPEC-9-a.md': '', 'SPEC-AUTH-a.md': '', 'SPEC-2-5-a.md': '' }),
    ).toEqual(['2-5', '9', '10', 'AUTH']);
  });

  it('takes the id from front matter where there is one', () => {
    expect(idsOf({ 'SPEC-20-2-factor-login.md': '---\nid: 20\n---\n' })).toEqual(['20']);
  });

  it('leaves a spec out whose id is unusable, and only that', () => {
    const { tasks, diagnostics } = build({ 'SPEC-1-a.md': '---\nid: ../x\n---\n', 'SPEC-2-a.md': '' });
    expect(tasks.map(({ id }) => id)).toEqual(['2']);
    expect(diagnostics).toMatchObject([{ code: 'PWT_TASK_ID_INVALID', path: 'SPEC-1-a.md' }]);
  });

  it('gives equal texts equal hashes, and others others', () => {
    const { tasks } = build({ 'SPEC-1-a.md': 'x', 'SPEC-2-a.md': 'x', 'SPEC-3-a.md': 'y' });
    const [a, b, c] = tasks.map(({ specs }) => specs[0]?.hash);
    expect(a).toMatch(/^[0-9a-f]{16}$/);
    expect(a).toBe(b);
    expect(a).not.toBe(c);
  });
});

describe('dependencies between tasks', () => {
  const on = (...ids: readonly string[]) => `**Dependencies**: ${ids.map((id) => `SPEC-${id}`).join(', ')}`;

  it('drops those for which there is no spec, with the line', () => {
    const { tasks, diagnostics } = build({ 'SPEC-1-a.md': `# A\n${on('2', '3')}`, 'SPEC-2-b.md': '' });
    expect(tasks[0]?.dependsOn).toEqual(['2']);
    expect(diagnostics).toMatchObject([
      { code: 'PWT_DEPENDENCY_UNKNOWN', taskIds: ['1'], path: 'SPEC-1-a.md', line: 2 },
    ]);
  });

  it('ignores a task that names itself', () => {
    expect(build({ 'SPEC-1-a.md': on('001') })).toMatchObject({
      tasks: [{ dependsOn: [] }],
      diagnostics: [],
    });
  });

  it('names the tasks of a circle', () => {
    const { tasks, diagnostics } = build({
      'SPEC-1-a.md': `# A\n\n${on('2')}`,
      'SPEC-2-b.md': on('3'),
      'SPEC-3-c.md': on('1'),
      'SPEC-4-d.md': on('1'),
    });
    expect(diagnostics).toMatchObject([
      {
        code: 'PWT_DEPENDENCY_CYCLE',
        message: expect.stringContaining('1 → 2 → 3 → 1'),
        path: 'SPEC-1-a.md',
        line: 3,
      },
    ]);
    expect(diagnostics).toMatchObject([
      { taskIds: ['1', '2', '3'], path: 'SPEC-1-a.md', line: expect.any(Number) },
    ]);
    expect(tasks).toHaveLength(4);
  });

  it('shows a circle where its first task says whom it waits for', () => {
    const { diagnostics } = build({
      'SPEC-1-a.md': '# A\n\nText.\n\n## Dependencies\n\n- SPEC-2\n',
      'SPEC-2-b.md': '---\ndepends_on: [1]\n---\n',
    });
    expect(diagnostics).toMatchObject([{ code: 'PWT_DEPENDENCY_CYCLE', path: 'SPEC-1-a.md', line: 7 }]);
  });

  it('follows a chain of thousands', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 5000 }, (_, n) => [`SPEC-${n + 1}-a.md`, on(String(n + 2))]),
    );
    expect(build(chain).diagnostics.map(({ code }) => code)).toEqual(['PWT_DEPENDENCY_UNKNOWN']);
  });
});
