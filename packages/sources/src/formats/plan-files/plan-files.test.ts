import { describe, expect, it } from 'vitest';
import { MemoryFiles, ROOT } from '../../../test/memory-files.js';
import { openFormat } from '../../formats.js';
import { planParts } from './plan-parts.js';

async function load(files: Readonly<Record<string, string>>, options: object = {}) {
  const source = openFormat('plan-files', { root: ROOT, options, fs: new MemoryFiles(files) });
  const { tasks } = await source.load({});
  return Object.fromEntries(tasks.map(({ id, dependsOn }) => [id, dependsOn]));
}

const numbers = (text: string) =>
  planParts(text).map(({ number, title, done }) => [number, title, done !== undefined]);

describe('the headings that are tasks', () => {
  it.each([
    [
      '## Task 1: A\n## Task 2 - B\n',
      [
        ['1', 'A', false],
        ['2', 'B', false],
      ],
    ],
    [
      '### ✅ Task 1: A\n### ~~Task 2: B~~\n### Task 3: C - COMPLETE\n### Task 4: D (done)\n',
      [
        ['1', 'A', true],
        ['2', 'B', true],
        ['3', 'C - COMPLETE', true],
        ['4', 'D (done)', true],
      ],
    ],
    [
      '### Task 1: A (fixed width)\n### Task 2: B - closed form\n',
      [
        ['1', 'A (fixed width)', false],
        ['2', 'B - closed form', false],
      ],
    ],
    [
      '### [x] A\n### [ ] B\n',
      [
        ['1', 'A', true],
        ['2', 'B', false],
      ],
    ],
    [
      '## Tasks\n\n### 1. A\n### 2. B\n\n## Notes\n\n### C\n',
      [
        ['1', 'A', false],
        ['2', 'B', false],
      ],
    ],
    [
      '## Task 1: A\n\n**Status:** ✅ Done\n\n### Task 1.1: part\n\n## Task 2: B\n\n- [x] a\n- [ ] b\n',
      [
        ['1', 'A', true],
        ['2', 'B', false],
      ],
    ],
    ['````md\n### Task 1: A\n```\n### Task 2\n````\n', []],
    ['## Goal\n\n## Design\n', []],
  ])('of %j', (text, parts) => {
    expect(numbers(`# Plan\n\n${text}`)).toEqual(parts);
  });
});

describe('which tasks wait', () => {
  const task = (number: number, files: string, text = '') =>
    `### Task ${number}: X\n\n**Files:**\n${files}\n${text}\n`;
  const path = 'docs/plans/x.md';

  it('goes by files, by names and by mentions', async () => {
    const plan = [
      task(1, '- Create: `src/store.ts`'),
      task(2, '- Create: `src/view.ts`'),
      task(3, '- Modify: `src/view.ts:10-20`'),
      task(4, '- Modify: `src/api.ts`', "```ts\nimport { Store } from './store';\n```"),
      task(5, '- Modify: `README.md`', 'Builds on Task 2.'),
      task(6, '- Modify: `docs/store-front.md`', 'It restores the page.'),
    ].join('\n');
    expect(await load({ [path]: plan })).toEqual({
      'x-t1': [],
      'x-t2': [],
      'x-t3': ['x-t2'],
      'x-t4': ['x-t1'],
      'x-t5': ['x-t2'],
      'x-t6': [],
    });
    const strict = await load({ [path]: plan }, { inOrder: true });
    expect(strict['x-t6']).toEqual(['x-t5']);
    expect(Object.values(await load({ [path]: plan }, { inOrder: false })).flat()).toEqual([]);
  });

  it('takes a task without files for one that touches anything', async () => {
    const plan = [
      task(1, '- Create: `src/a.ts`'),
      '### Task 2: Clean up\n\n- [ ] x\n',
      task(3, '- Create: `src/c.ts`'),
    ];
    expect(await load({ [path]: plan.join('\n') })).toEqual({
      'x-t1': [],
      'x-t2': ['x-t1'],
      'x-t3': ['x-t2'],
    });
  });

  it('lets the boxes of a phase wait for the phase before', async () => {
    const text =
      '# Plan\n\n## Phase 1: A\n\n- [ ] a\n- [ ] b\n\n**Acceptance Criteria:**\n- [ ] works\n\n## Phase 2: B\n\n- [ ] c\n\n## Success criteria\n\n- [ ] fast\n';
    const needs = await load({ 'IMPLEMENTATION_PLAN.md': text });
    const [a, b, c, ...others] = Object.keys(needs);
    expect(others).toEqual([]);
    expect(needs[c ?? '']).toEqual([a, b]);
    expect(needs[b ?? '']).toEqual([]);
    expect(Object.values(await load({ 'TODO.md': '- [ ] a\n- [ ] b\n' })).flat()).toEqual([]);
  });
});

it('marks a task that has no boxes on its heading', async () => {
  const text = '## Task 1: A\n\n**Files:** `src/a.ts`\n\n## Task 2: B\n\n**Files:** `src/b.ts`\n';
  const source = openFormat('plan-files', { root: ROOT, fs: new MemoryFiles({ 'PLAN.md': text }) });
  const [task] = (await source.load({})).tasks;
  const edits = task && (await source.markDone?.({ task, read: async () => text }));
  expect(edits).toEqual([{ path: 'PLAN.md', text: text.replace('## Task 1', '## ✅ Task 1') }]);
});

it('reads the plans that it is told of, wherever they are', async () => {
  const files = { 'notes/a-plan.md': '- [ ] one\n', 'notes/b.md': '- [ ] two\n' };
  expect(Object.keys(await load(files, { files: ['notes/*-plan.md'] }))).toEqual(['a-t1']);
  expect(await load(files)).toEqual({});
});
