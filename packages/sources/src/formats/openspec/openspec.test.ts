import { describe, expect, it } from 'vitest';
import { loadFiles } from '../../../test/load-files.js';

const list =
  '## 1. Sessions\n\n- [x] 1.1 Store them\n- [ ] 1.2 Expire them\n\n## 2. Tests\n\n- [ ] 2.1 Test both\n- [ ] 2.2 Run the whole test suite\n';
const files = {
  'openspec/project.md': '# Project\n',
  'openspec/changes/add-login/proposal.md': '# Change: Log in\n\n## Impact\n\n- `src/login.ts`\n',
  'openspec/changes/add-login/design.md': '# Design\n',
  'openspec/changes/add-login/specs/user/auth/spec.md': '## ADDED Requirements\n',
  'openspec/changes/add-login/tasks.md': list,
  'openspec/changes/add-search/proposal.md':
    '## Why\n\n- **Dependencies**: requires `add-login`; none else\n',
  'openspec/changes/add-search/tasks.md': '- [ ] 1.1 Index\n- [ ] 1.2 Page\n',
};

describe('openspec', () => {
  it('has a task for each change, with its list and its proposal', async () => {
    const { tasks, needs } = await loadFiles('openspec', files);
    expect(needs).toEqual({ 'add-login': [], 'add-search': ['add-login'] });
    expect(tasks.map(({ title }) => title)).toEqual(['Log in', 'add search']);
    expect(tasks[0]?.specs.map(({ path }) => path)).toEqual([
      'openspec/changes/add-login/tasks.md',
      'openspec/changes/add-login/proposal.md',
    ]);
    expect(tasks[0]?.context).toEqual({
      folder: 'openspec/changes/add-login',
      documents: [
        'openspec/changes/add-login/design.md',
        'openspec/changes/add-login/specs/user/auth/spec.md',
        'openspec/project.md',
      ],
    });
  });

  it.each([
    ['Depends on `add-login`.', ['add-login']],
    ['This change builds on **add-login** and add-users', ['add-login']],
    ['## Dependencies\n\n- `add-login`: sessions\n- Node.js 22', ['add-login']],
    ['## Out of scope\n\n- `add-login`', []],
    ['Unlike add-login, this requires nothing', []],
    ['Depends on add-search', []],
  ])('has a change wait for those that its proposal depends on: %j', async (proposal, expected) => {
    const { needs } = await loadFiles('openspec', {
      ...files,
      'openspec/changes/add-search/proposal.md': `${proposal}\n`,
    });
    expect(needs['add-search']).toEqual(expected);
  });

  it('only checks something where no other line is open', async () => {
    const verification = async (text: string) => {
      const { tasks } = await loadFiles('openspec', { 'openspec/changes/a/tasks.md': text });
      return tasks[0]?.verification;
    };
    expect(await verification(list)).toBeUndefined();
    expect(await verification(list.replaceAll(/\[ \] (1.2|2.1)/g, '[x] $1'))).toBe(true);
  });

  it('cuts changes into sections on demand', async () => {
    const { tasks, needs, mark } = await loadFiles('openspec', files, { unit: 'section' });
    expect(needs).toEqual({
      'add-login-1': [],
      'add-login-2': ['add-login-1'],
      'add-search-1': ['add-login-1', 'add-login-2'],
    });
    expect(tasks[0]).toMatchObject({ title: 'Sessions', specs: [{ firstLine: 1 }] });
    expect(tasks[0]?.context?.documents?.[0]).toBe('openspec/changes/add-login/proposal.md');
    const [edit] = await mark('add-login-2');
    expect(edit?.text).toBe(list.replace('[ ] 2.1', '[x] 2.1').replace('[ ] 2.2', '[x] 2.2'));
  });

  it('cuts changes into lines on demand, in order or not', async () => {
    const { tasks, needs, mark } = await loadFiles('openspec', files, { unit: 'line' });
    expect(needs).toMatchObject({
      'add-login-1.2': [],
      'add-login-2.1': ['add-login-1.2'],
      'add-login-2.2': ['add-login-2.1'],
      'add-search-1.2': ['add-search-1.1'],
    });
    expect(tasks.map(({ verification = false }) => verification)).toEqual([false, false, true, false, false]);
    expect(tasks[1]?.context?.phase).toBe('2. Tests');
    const [edit] = await mark('add-login-1.2');
    expect(edit?.text).toBe(list.replace('[ ] 1.2', '[x] 1.2'));
    const free = await loadFiles('openspec', files, { unit: 'line', inOrder: false });
    expect(free.needs['add-login-2.2']).toEqual([]);
    expect(free.needs['add-search-1.2']).toEqual(['add-login-1.2', 'add-login-2.1', 'add-login-2.2']);
  });

  it('names changes that are not planned yet', async () => {
    const { tasks, diagnostics } = await loadFiles('openspec', {
      'openspec/changes/idea/proposal.md': '## Why\n',
      'openspec/changes/empty/.gitkeep': '',
    });
    expect(tasks).toEqual([]);
    expect(diagnostics).toMatchObject([
      { code: 'PWT_TASK_UNPLANNED', severity: 'info', path: 'openspec/changes/idea/proposal.md' },
    ]);
  });

  it('takes up a change again that has an archived one of its name', async () => {
    const { tasks } = await loadFiles('openspec', {
      ...files,
      'openspec/changes/archive/2026-01-02-add-login/tasks.md': list,
    });
    expect(tasks.map(({ id }) => id)).toEqual(['add-login', 'add-search']);
  });
});
