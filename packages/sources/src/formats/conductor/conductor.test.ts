import { describe, expect, it } from 'vitest';
import { loadFiles } from '../../../test/load-files.js';
import { readTracks, tickTrack } from './track-index.js';

const plan =
  "# Plan\n\n## Phase 1: Colours\n\n- [x] Task: Name them [07ec315]\n- [~] **Task:** Use them in `src/theme.ts`\n  - [ ] Sub-task: Test\n- [ ] Task: Conductor - User Manual Verification 'Phase 1' (Protocol in workflow.md)\n\n## Phase 2: Settings\n\n- [ ] Task: Add the switch\n";
const path = 'conductor/tracks/dark_mode_20260101/plan.md';
const files = {
  'conductor/tech-stack.md': '# Stack\n',
  [path]: plan,
  'conductor/tracks/dark_mode_20260101/spec.md': '# Dark mode\n',
};

describe('conductor', () => {
  it('has a task for each track, with its plan and its spec', async () => {
    const { tasks } = await loadFiles('conductor', files);
    expect(tasks).toMatchObject([
      {
        id: 'dark_mode',
        title: 'dark mode',
        specs: [{ path }, { path: 'conductor/tracks/dark_mode_20260101/spec.md' }],
        context: { folder: 'conductor/tracks/dark_mode_20260101', documents: ['conductor/tech-stack.md'] },
      },
    ]);
  });

  it('cuts the plan into phases on demand', async () => {
    const { needs, mark } = await loadFiles('conductor', files, { unit: 'phase' });
    expect(needs).toEqual({ 'dark_mode-1': [], 'dark_mode-2': ['dark_mode-1'] });
    expect(await mark('dark_mode-2')).toEqual([
      { path, text: plan.replace('[ ] Task: Add', '[x] Task: Add') },
    ]);
  });

  it('cuts the plan into tasks on demand', async () => {
    const { tasks, needs, mark } = await loadFiles('conductor', files, { unit: 'task' });
    expect(needs).toEqual({
      'dark_mode-1.2': [],
      'dark_mode-1.3': ['dark_mode-1.2'],
      'dark_mode-2.1': ['dark_mode-1.3'],
    });
    expect(tasks.map(({ title }) => title.slice(0, 30))).toEqual([
      'Use them in `src/theme.ts`',
      'Conductor - User Manual Verifi',
      'Add the switch',
    ]);
    expect(tasks.map(({ verification = false }) => verification)).toEqual([false, true, false]);
    const [edit] = await mark('dark_mode-1.2');
    expect(edit?.text).toContain('- [x] **Task:** Use them in `src/theme.ts`\n  - [x] Sub-task: Test\n');
  });

  it.each(['completed', 'cancelled'])('leaves out a track that its own data have as %s', async (status) => {
    const { tasks, diagnostics } = await loadFiles('conductor', {
      ...files,
      'conductor/tracks/dark_mode_20260101/metadata.json': `{"status": "${status}"}`,
    });
    expect(tasks).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: 'PWT_TASK_DONE' }]);
  });
});

describe('the index of conductor', () => {
  const index =
    '# Tracks\n\n## [ ] Track: One\n*Link: [./tracks/one/](./tracks/one/)*\n\n- [x] **Track 2: Two** [plan](./conductor/tracks/two_20260101/plan.md)\n\n- [~] Three\n  text\n  *Link: [three](tracks/three/)*\n\nSee tracks/four/.\n';

  it('tells each track, whichever way it is written', () => {
    expect(readTracks(index)).toEqual([
      { folder: 'one', title: 'One', ticked: false, line: 3 },
      { folder: 'two_20260101', title: 'Two', ticked: true, line: 6 },
      { folder: 'three', title: 'Three', ticked: false, line: 8 },
    ]);
  });

  it('has a track ticked off, and nothing else', () => {
    expect(tickTrack(index, 'one')).toBe(index.replace('[ ] Track: One', '[x] Track: One'));
    expect(tickTrack(index, 'three')).toBe(index.replace('[~]', '[x]'));
    expect(tickTrack(index, 'two_20260101')).toBe(index);
    expect(tickTrack(index, 'four')).toBe(index);
  });
});
