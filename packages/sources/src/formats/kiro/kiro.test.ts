import { describe, expect, it } from 'vitest';
import { loadFiles } from '../../../test/load-files.js';

const path = '.kiro/specs/cart/tasks.md';
const list = `# Implementation Plan

## Tasks

- [x] 1. Model
  - [x] 1.1 Write the model
- [ ] 2. Pages
  - [ ] 2.1 Write the page in \`src/page.tsx\`
  - [ ]* 2.2 Write property tests
  - [ ] 2.3 Write the menu
- [ ]* 3. Write the guide
- [ ] 4. Checkpoint - Ensure all tests pass
- [ ] 5. Join it all
`;
const load = (text: string, options?: object) => loadFiles('kiro', { [path]: text }, options);

describe('kiro', () => {
  it('has numbered tasks in order, and keeps optional ones back', async () => {
    const { needs, tasks, diagnostics } = await load(list);
    expect(needs).toEqual({ 'cart-2': [], 'cart-4': ['cart-2'], 'cart-5': ['cart-4'] });
    expect(tasks[0]?.specs[0]?.text).toMatch(/optional: leave them out\.\n$/);
    expect(tasks[1]).toMatchObject({ verification: true, title: 'Checkpoint - Ensure all tests pass' });
    expect(diagnostics.map(({ code }) => code).sort()).toEqual(['PWT_TASK_DEFERRED', 'PWT_TASK_DONE']);
  });

  it('has optional tasks done with the others on demand', async () => {
    const { needs, tasks, mark } = await load(list, { optional: true });
    expect(Object.keys(needs)).toEqual(['cart-2', 'cart-3', 'cart-4', 'cart-5']);
    expect(tasks[0]?.specs[0]?.text).not.toContain('leave them out');
    const [edit] = await mark('cart-2');
    expect(edit?.text).toContain('- [x]* 2.2');
  });

  it('cuts a list into its sub-tasks on demand', async () => {
    const { needs, mark } = await load(list, { unit: 'subtask' });
    expect(needs).toEqual({
      'cart-2.1': [],
      'cart-2.3': ['cart-2.1'],
      'cart-4': ['cart-2.3'],
      'cart-5': ['cart-4'],
    });
    const [edit] = await mark('cart-2.3');
    expect(edit?.text).toBe(list.replace('[ ] 2.3', '[x] 2.3'));
  });

  it('lifts the order on demand', async () => {
    const { needs } = await load(list, { inOrder: false });
    expect(Object.values(needs)).toEqual([[], [], []]);
  });

  it('tells features apart, whatever their folders are called', async () => {
    const text = '- [ ] 1. A\n';
    const { tasks } = await loadFiles('kiro', {
      '.kiro/specs/My cart!/tasks.md': text,
      '.kiro/specs/购物车/tasks.md': text,
      '.kiro/specs/结账/tasks.md': text,
    });
    expect(tasks.map(({ id }) => id)).toEqual(['My-cart-1', 'feature-1', 'feature-2-1']);
  });

  it('tells the agent of the documents of the feature and the steering', async () => {
    const names = ['.kiro/specs/cart/design.md', path, '.kiro/steering/tech.md'];
    const { tasks } = await loadFiles('kiro', Object.fromEntries(names.map((name) => [name, list])));
    expect(tasks[0]?.context).toEqual({ folder: '.kiro/specs/cart', documents: names });
  });
});

describe('the dependency graph of kiro', () => {
  const tasks =
    '- [ ] 1. A\n  - [ ] 1.1 a\n  - [ ] 1.2 b\n  - [ ]* 1.3 c\n- [ ] 2. Checkpoint\n- [ ] 3. B\n  - [ ] 3.1 d\n  - [ ] 3.2 e\n- [ ] 4. Final checkpoint\n';
  const graph = (json: string) => load(`${tasks}\n## Task Dependency Graph\n\n\`\`\`json\n${json}\n\`\`\`\n`);
  const expected = {
    'cart-1.1': [],
    'cart-1.2': ['cart-1.1', 'cart-3.1'],
    'cart-2': ['cart-1.1', 'cart-1.2'],
    'cart-3.1': [],
    'cart-3.2': ['cart-1.2'],
    'cart-4': ['cart-2', 'cart-3.1', 'cart-3.2'],
  };

  it.each([
    '{"waves": [{"id": 0, "tasks": ["1.1", "3.1"]}, {"id": 1, "tasks": ["1.2", "1.3"]}, {"id": 2, "tasks": ["3.2"]}]}',
    '{"waves": [["1.1", 3.1], ["1.2"], ["1.3"], ["3.2"]]}',
    '{"waves": [["1.1", "3.1"], ["1"], ["3"]]}',
  ])('has each sub-task wait for the wave before: %s', async (json) => {
    expect((await graph(json)).needs).toEqual(expected);
  });

  it('does not wait for what is finished', async () => {
    const text = tasks.replace('[ ] 1.2', '[x] 1.2');
    const json = '{"waves": [["1.1", "3.1"], ["1.2"], ["3.2"]]}';
    const { needs } = await load(`${text}\n## Task Dependency Graph\n\`\`\`json\n${json}\n\`\`\`\n`);
    expect(needs['cart-3.2']).toEqual(['cart-1.1', 'cart-3.1']);
  });

  it.each(['T1 --> T2', '{"waves": []}', '{"waves": 7}', '[]', ''])(
    'goes by the order of the list where the graph is no use: %s',
    async (json) => {
      const { needs } = await graph(json);
      expect(needs).toEqual({
        'cart-1': [],
        'cart-2': ['cart-1'],
        'cart-3': ['cart-2'],
        'cart-4': ['cart-3'],
      });
    },
  );

  it('is left aside where numbered tasks are asked for', async () => {
    const { needs } = await load(
      `${tasks}\n## Task Dependency Graph\n\`\`\`json\n{"waves":[["1.1"]]}\n\`\`\`\n`,
      {
        unit: 'task',
      },
    );
    expect(Object.keys(needs)).toEqual(['cart-1', 'cart-2', 'cart-3', 'cart-4']);
  });
});
