import { type NewRunEvent, type RunEvent, type RunState, reduceRun } from '@pwt/core';
import { makeClaims, makeEvents, makeRunOptions, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { colours } from '../format/colours.js';
import { eventLine } from './event-line.js';
import { renderRun } from './render-run.js';

const START = Date.UTC(2026, 0, 1, 12, 0, 0);
const COMMIT = 'a'.repeat(40);
const plain = colours({ NO_COLOR: '1' }, true);

/** Events, one second apart. */
function events(...list: readonly NewRunEvent[]): RunEvent[] {
  return makeEvents(...list).map((event) => ({ ...event, at: START + event.at * 1000 }));
}

const stateOf = (list: readonly RunEvent[]): RunState => reduceRun(list, 'r1');

const planned = (id: string, title: string): NewRunEvent => ({
  type: 'task-planned',
  taskId: id,
  task: makeTask(id, { title }),
  claims: makeClaims(id, `src/${id}.ts`),
});

const workspace = {
  id: 'w',
  provider: 'p',
  kind: 'task',
  runId: 'r1',
  taskId: '1',
  path: '/wt1',
  branch: 'b1',
  base: COMMIT,
} as const;

const story = events(
  { type: 'run-started', target: 'main', base: COMMIT, options: makeRunOptions(), settings: {} },
  planned('1', 'Parser'),
  planned('2', 'Printer\u001b[31m'),
  planned('3', 'Docs'),
  { type: 'run-planned', order: ['3', '1', '2'], diagnostics: [] },
  { type: 'task-dispatched', taskId: '1', attempt: 1, base: COMMIT, stateDir: '/s' },
  { type: 'workspace-created', taskId: '1', workspace },
  { type: 'agent-launched', taskId: '1', launcher: 'l', startedAt: START },
  { type: 'agent-activity', taskId: '1', activity: { kind: 'tool', text: 'Edit src/parser.ts' } },
  { type: 'task-blocked', taskId: '2', by: { kind: 'claim', taskId: '1', path: 'src/1.ts' } },
  { type: 'task-finished', taskId: '3', status: 'failed', reason: 'the agent exited with 1' },
);

const render = (rows = 30, columns = 100) =>
  renderRun(stateOf(story), { now: START + 65_000, columns, rows, colours: plain });

describe('renderRun', () => {
  it('shows what each task does now, what waits for what, and how it ended', () => {
    const [head, ...tasks] = render();
    expect(head).toBe('pwt r1 onto main · 0/3 in, 1 not · 1 running · 1m 05s');
    expect(tasks.map((line) => line.replace(/ +/g, ' '))).toEqual([
      '● running 1 Parser 1m 00s Edit src/parser.ts',
      '· waiting 2 Printer [31m waits for 1, which holds src/1.ts',
      '✘ failed 3 Docs the agent exited with 1',
    ]);
  });

  it('fits into the terminal', () => {
    const lines = render(4, 60);
    expect(lines).toHaveLength(3);
    expect(lines.at(-1)).toBe('… and 2 more');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('shows load and why nothing starts', () => {
    const sample = {
      cpuPercent: 91.4,
      memoryPercent: 40,
      memoryTotalBytes: 1,
      memoryAvailableBytes: 1,
      diskTotalBytes: 1,
      diskAvailableBytes: 1,
      cpuCount: 2,
    };
    const more = events(
      { type: 'resources-sampled', sample },
      { type: 'admission-paused', reason: 'CPU at 91 %' },
    );
    const [head] = renderRun(stateOf([...story, ...more]), {
      now: START,
      columns: 200,
      rows: 9,
      colours: plain,
    });
    expect(head).toContain('CPU 91 % · memory 40 %');
    expect(head).toContain('no new starts: CPU at 91 %');
  });
});

describe('eventLine', () => {
  it('tells a story in plain lines and leaves the noise out', () => {
    expect(story.map(eventLine).filter((line) => line !== undefined)).toEqual([
      `12:00:00 run r1 onto main (${'a'.repeat(10)})`,
      '12:00:04 order: 3, 1, 2',
      '12:00:06 1: worktree /wt1 on b1',
      '12:00:07 1: agent started',
      '12:00:09 2: waits for 1 (src/1.ts)',
      '12:00:10 3: failed: the agent exited with 1',
    ]);
  });

  it('passes over events it does not know', () => {
    expect(eventLine({ ...story[0], type: 'from-the-future' } as unknown as RunEvent)).toBeUndefined();
  });
});
