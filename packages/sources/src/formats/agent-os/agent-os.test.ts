import { describe, expect, it } from 'vitest';
import { loadFiles } from '../../../test/load-files.js';

const path = 'agent-os/specs/2026-02-01-search/tasks.md';
const group = (number: number, needs: string) =>
  `#### Task Group ${number}: Part ${number}\n${needs}\n\n- [ ] ${number}.0 Complete it\n  - [ ] ${number}.1 Write \`src/${number}.ts\`\n\n**Acceptance Criteria:**\n- It works\n\n`;
const load = (text: string, options?: object) => loadFiles('agent-os', { [path]: text }, options);

describe('agent-os', () => {
  it('has task groups wait for the groups that they name', async () => {
    const { tasks, needs } = await load(
      [
        group(1, '**Dependencies:** None'),
        group(2, '**Dependencies:** None (can run in parallel with Task Group 1)'),
        group(3, '**Dependencies:** Task Group 1, Task Group 2 (parse_2_files)'),
        group(4, '**Dependencies**: Task Groups 1-3'),
        group(5, ''),
        group(6, '**Dependencies:** A running database'),
        group(7, '**Dependencies:** All previous task groups'),
      ].join('---\n\n'),
    );
    expect(needs).toEqual({
      'search-1': [],
      'search-2': [],
      'search-3': ['search-1', 'search-2'],
      'search-4': ['search-1', 'search-3', 'search-2'],
      'search-5': ['search-4'],
      'search-6': ['search-5'],
      'search-7': [1, 2, 3, 4, 5, 6].map((number) => `search-${number}`),
    });
    expect(tasks[0]).toMatchObject({ title: 'Part 1', specs: [{ firstLine: 1 }] });
    expect(tasks[0]?.specs[0]?.text).toContain('It works');
  });

  it('has tasks wait for all that is below the phases that they name', async () => {
    const phase = (number: string, needs: string) =>
      `## Phase ${number}: Part\n\n### Tasks\n- [ ] **A ${number}**\n  - **Dependencies**: ${needs}\n- [ ] B ${number}\n  - **Dependencies**: ${needs}\n\n`;
    const text = [
      phase('13.1', 'None'),
      phase('13.2', 'Phase 13.1 completion'),
      phase('13.3', 'Phases 13.1-13.2 completion'),
      phase('13.4', 'Phase 13.9'),
    ].join('');
    expect((await load(`# Tasks\n\n${text}`)).needs).toEqual({
      'search-1': [],
      'search-2': [],
      'search-3': ['search-1', 'search-2'],
      'search-4': ['search-1', 'search-2'],
      'search-5': ['search-1', 'search-2', 'search-3', 'search-4'],
      'search-6': ['search-1', 'search-2', 'search-3', 'search-4'],
      'search-7': ['search-6'],
      'search-8': ['search-7'],
    });
  });

  it('has numbered tasks in order, with their sub-tasks', async () => {
    const text =
      '# Spec Tasks\n\n- [x] 1. A\n- [ ] 2. B\n  - [ ] 2.1 b\n  - [ ] 2.2 Verify all tests pass\n- [ ] 3. C\n';
    expect((await load(text)).needs).toEqual({ 'search-2': [], 'search-3': ['search-2'] });
    const { tasks, needs, mark } = await load(text, { unit: 'subtask' });
    expect(needs).toEqual({ 'search-2.1': [], 'search-2.2': ['search-2.1'], 'search-3': ['search-2.2'] });
    expect(tasks.map(({ verification = false }) => verification)).toEqual([false, true, false]);
    expect(await mark('search-2.1')).toEqual([{ path, text: text.replace('[ ] 2.1', '[x] 2.1') }]);
  });

  it('tells specs of one name apart by their order', async () => {
    const { tasks } = await loadFiles('agent-os', {
      '.agent-os/specs/2026-01-01-login/tasks.md': '- [ ] 1. A\n',
      '.agent-os/specs/2026-02-01-login/tasks.md': '- [ ] 1. B\n',
    });
    expect(tasks.map(({ id, title }) => [id, title])).toEqual([
      ['login-1', 'A'],
      ['login-2-1', 'B'],
    ]);
  });

  it('tells the agent of the documents of the spec', async () => {
    const folder = 'agent-os/specs/2026-02-01-search';
    const names = ['spec.md', 'planning/requirements.md', 'sub-specs/api-spec.md', 'tasks.md', 'notes.txt'];
    const { tasks } = await loadFiles(
      'agent-os',
      Object.fromEntries(names.map((name) => [`${folder}/${name}`, '- [ ] 1. A\n'])),
    );
    const documents = names.slice(0, 4).map((name) => `${folder}/${name}`);
    expect(tasks[0]?.context).toEqual({ folder, documents });
  });
});
