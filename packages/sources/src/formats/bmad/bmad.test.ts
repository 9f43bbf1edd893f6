import { describe, expect, it } from 'vitest';
import { MemoryFiles, ROOT } from '../../../test/memory-files.js';
import { openFormat } from '../../formats.js';
import { sprintEntries, withSprintStatus } from './sprint-status.js';
import { normaliseStoryId, storyName } from './story-name.js';
import { storyState } from './story-state.js';

const story = (status: string, more = '') =>
  `# Story: X\n\nStatus: ${status}\n${more}\n## Story\n\nAs a user\n`;

async function load(files: Readonly<Record<string, string>>, options: object = {}) {
  const source = openFormat('bmad', { root: ROOT, options, fs: new MemoryFiles(files) });
  const { tasks, diagnostics } = await source.load({});
  return {
    needs: Object.fromEntries(tasks.map(({ id, dependsOn }) => [id, dependsOn])),
    tasks,
    codes: diagnostics.map(({ code, message }) => `${code} ${message}`),
  };
}

describe('the name of a story', () => {
  it.each([
    ['1.1.x.story.md', '1.1'],
    ['1.2-set-up.md', '1.2'],
    ['1-2-3d-pond.md', '1.2'],
    ['story-15.2-metrics.md', '15.2'],
    ['10.3.1.daily.md', '10.3.1'],
    ['11.3a.backend.md', '11.3a'],
    ['6-5b-parsing.md', '6.5b'],
    ['story-4.1.md', '4.1'],
  ])('gives %j the number %j', (file, number) => {
    expect(storyName(file)?.number).toBe(number);
  });

  it.each([
    ...['README.md', 'epic-1-retro-2026-01-01.md', '11.9-IMPLEMENTATION-SUMMARY.md', '2-3-x.superseded.md'],
    ...['deferred-work.md', '1.1.x.txt', 'notes.md', '1.1.x-validation-report.md', '2026.md'],
  ])('is not %j', (file) => {
    expect(storyName(file)).toBeUndefined();
  });

  it('is understood as people write it', () => {
    expect(['1-1', 'Story 1.1', '1.1', '1-1-sign-in'].map(normaliseStoryId)).toEqual(Array(4).fill('1.1'));
    expect(normaliseStoryId('T001')).toBe('T001');
  });
});

it.each([
  ['draft', ['Draft', 'drafted', 'backlog', '📋 Backlog', 'blocked']],
  ['ready', ['Approved', '✅ Approved', 'ready-for-dev', 'InProgress', 'in-progress', 'Ready', 'todo']],
  [
    'done',
    [
      'Done',
      '✅ Done',
      'review',
      'Ready for Review',
      'ready-for-review',
      'in-review',
      'Ready for Done',
      'Completed',
    ],
  ],
])('a story is %s', (state, statuses) => {
  for (const status of statuses) expect(storyState(status), status).toBe(state);
});

describe('which stories wait', () => {
  const files = {
    'docs/stories/1.1.a.md': story('Approved'),
    'docs/stories/1.2.b.md': story('Approved'),
    'docs/stories/1.10.c.md': story('Approved', '\n**Depends on:** Story 1.1\n'),
    'docs/stories/2.1.d.md': story(
      'Approved',
      '\n## Dependencies\n\n- Story 1.2 (schema)\n- [x] Story 1.10\n',
    ),
    'docs/stories/2.2.e.md': story('Approved', '\n**Dependencies**: None\n'),
  };

  it('for the one before in the epic, or for those that they name', async () => {
    expect((await load(files)).needs).toEqual({
      '1.1': [],
      '1.2': ['1.1'],
      '1.10': ['1.1'],
      '2.1': ['1.2'],
      '2.2': [],
    });
    const { needs } = await load(files, { inOrder: false });
    expect(needs['1.2']).toEqual([]);
    expect(needs['1.10']).toEqual(['1.1']);
  });

  it('keeps drafts back, and what waits for them, unless one is asked for', async () => {
    const drafts = { ...files, 'docs/stories/1.1.a.md': story('Draft') };
    const { tasks, codes } = await load(drafts);
    expect(tasks.map(({ id }) => id)).toEqual(['2.2']);
    expect(codes.join()).toContain('PWT_TASK_DEFERRED');
    const source = openFormat('bmad', { root: ROOT, fs: new MemoryFiles(drafts) });
    expect((await source.load({ ids: ['1.1'] })).tasks).toHaveLength(1);
  });
});

it('gives a number to the story that the sprint names, where several have it', async () => {
  const { tasks } = await load({
    '_bmad-output/implementation-artifacts/1-1-old.md': story('ready-for-dev'),
    '_bmad-output/implementation-artifacts/1-1-new.md': story('ready-for-dev'),
    '_bmad-output/implementation-artifacts/tech-spec-chat.md': '---\nstatus: ready-for-dev\n---\n# Chat\n',
    '_bmad-output/implementation-artifacts/sprint-status.yaml':
      'development_status:\n  1-1-new: ready-for-dev\n',
    '_bmad-output/planning-artifacts/prd.md': '# PRD',
    '_bmad-output/planning-artifacts/epics/epic-1-base.md': '# Epic',
    '_bmad-output/planning-artifacts/epics/epic-2-more.md': '# Epic',
  });
  expect(tasks.map(({ id }) => id)).toEqual(['1.1', '1-1-old', 'tech-spec-chat']);
  expect(tasks[0]?.context).toEqual({
    phase: 'Epic 1',
    documents: [
      '_bmad-output/planning-artifacts/epics/epic-1-base.md',
      '_bmad-output/planning-artifacts/prd.md',
    ],
  });
});

it('changes one status of a sprint and keeps comments, quotes and line ends', () => {
  const text =
    'a: 1\r\ndevelopment_status:\r\n  "1-1-x": \'review\'  # soon\r\n\r\n  1-2-y: backlog\r\naction_items:\r\n  1-3-z: open\r\n';
  expect(sprintEntries(text)).toEqual([
    { key: '1-1-x', status: 'review', line: 3 },
    { key: '1-2-y', status: 'backlog', line: 5 },
  ]);
  expect(withSprintStatus(text, 3, 'done')).toBe(text.replace('review', 'done'));
});
