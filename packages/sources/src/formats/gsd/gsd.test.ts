import { describe, expect, it } from 'vitest';
import { MemoryFiles, ROOT } from '../../../test/memory-files.js';
import { openFormat } from '../../formats.js';
import { normalisePlanId, planName, summaryPath } from './plan-name.js';

const P = '.planning/phases';
const plan = (facts: string, text = 'Do it.') => `---\n${facts}\n---\n${text}\n`;

async function load(files: Readonly<Record<string, string>>) {
  const source = openFormat('gsd', { root: ROOT, fs: new MemoryFiles(files) });
  const { tasks, diagnostics } = await source.load({});
  return { tasks, diagnostics, needs: Object.fromEntries(tasks.map(({ id, dependsOn }) => [id, dependsOn])) };
}

describe('the name of a plan', () => {
  it.each([
    ['01-x', '01-02-PLAN.md', '01-02'],
    ['03-x', '03-01-update-metadata-PLAN.md', '03-01'],
    ['02.1-fix', '02.1-01-PLAN.md', '02.1-01'],
    ['CK-01-x', 'CK-01-01-PLAN.md', 'CK-01-01'],
    ['04-x', 'PLAN.md', '04'],
    ['05-x', 'PLAN-02-setup.md', '05-02'],
  ])('in %j, %j is %j', (folder, file, id) => {
    expect(planName(folder, file)?.id).toBe(id);
  });

  it.each([
    ['01-x', '01-01-SUMMARY.md'],
    ['01-x', '01-01-PLAN-OUTLINE.md'],
    ['01-x', '01-RESEARCH.md'],
    ['notes', 'PLAN.md'],
  ])('is not %j/%j', (folder, file) => {
    expect(planName(folder, file)).toBeUndefined();
  });

  it('is understood as people write it, and has a summary beside it', () => {
    expect(['1-2', '01-02', '01-02-PLAN', '2.1-1'].map(normalisePlanId)).toEqual([
      '01-02',
      '01-02',
      '01-02',
      '02.1-01',
    ]);
    expect(summaryPath('a/01-02-x-PLAN.md')).toBe('a/01-02-x-SUMMARY.md');
    expect(summaryPath('a/plans/PLAN-02-x.md')).toBe('a/plans/SUMMARY-02-x.md');
  });
});

describe('which plans wait', () => {
  it('goes by depends_on, by waves where that is missing, and by the phases before', async () => {
    const { needs } = await load({
      [`${P}/01-a/01-01-PLAN.md`]: plan('wave: 1\ndepends_on: []'),
      [`${P}/01-a/01-02-PLAN.md`]: plan('wave: 2\ndepends_on: ["01-01"]'),
      [`${P}/01-a/01-03-PLAN.md`]: plan('wave: 1\ndepends_on: []'),
      [`${P}/02-b/02-01-PLAN.md`]: plan('wave: 1'),
      [`${P}/02-b/02-02-PLAN.md`]: plan('wave: 2'),
      [`${P}/04-d/04-01-PLAN.md`]: plan('depends_on: [01-01-PLAN.md]'),
    });
    expect(needs).toEqual({
      '01-01': [],
      '01-02': ['01-01'],
      '01-03': [],
      '02-01': ['01-02', '01-03'],
      '02-02': ['02-01'],
      '04-01': ['01-01', '02-02'],
    });
  });

  it('goes by what the roadmap says of phases', async () => {
    const roadmap =
      '- [ ] **Phase 3: C**\n\n### Phase 2: B\n**Depends on**: Nothing (first phase)\n\n### Phase 3: C\n**Depends on**: Phase 1\n\n### Phase 4: D\n**Depends on:** Phase 3\n';
    const { needs } = await load({
      '.planning/ROADMAP.md': roadmap,
      [`${P}/01-a/01-01-PLAN.md`]: plan('depends_on: []'),
      [`${P}/02-b/02-01-PLAN.md`]: plan('depends_on: []'),
      [`${P}/04-d/04-01-PLAN.md`]: plan('depends_on: []'),
    });
    // Phase 3 has no plan yet: what waits for it waits for what it waits for.
    expect(needs).toEqual({ '01-01': [], '02-01': [], '04-01': ['01-01'] });
  });
});

it('reads what a plan changes, what it is for and whether it needs a person', async () => {
  const text =
    '<objective>\nAdd the **store**.\n\nPurpose: x\n</objective>\n<task>\n<files>src/a.ts, src/b.ts (new)</files>\n</task>';
  const { tasks, diagnostics } = await load({
    [`${P}/01-a/01-01-PLAN.md`]: plan('autonomous: false', text),
    [`${P}/01-a/01-02-PLAN.md`]: plan('files_modified:\n  - src/c.ts', text),
  });
  expect(
    tasks.map(({ title, declared }) => [
      title,
      declared?.map(({ pattern, place }) => [pattern, place?.line]),
    ]),
  ).toEqual([
    [
      'Add the store.',
      [
        ['src/a.ts', 10],
        ['src/b.ts', 10],
      ],
    ],
    ['Add the store.', [['src/c.ts', 3]]],
  ]);
  expect(diagnostics).toMatchObject([{ code: 'PWT_TASK_ATTENDED', taskIds: ['01-01'] }]);
});

it('leaves a summary that the agent has written alone', async () => {
  const files: Record<string, string> = { [`${P}/01-a/01-01-PLAN.md`]: plan('plan: 01') };
  const source = openFormat('gsd', { root: ROOT, fs: new MemoryFiles(files) });
  const [task] = (await source.load({})).tasks;
  files[`${P}/01-a/01-01-SUMMARY.md`] = '# Mine\n';
  expect(task && (await source.markDone?.({ task, read: async (path) => files[path] }))).toEqual([]);
});
