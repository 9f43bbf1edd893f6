import { type NewRunEvent, type RunEvent, type RunState, reduceRun } from '@pwt/core';
import { makeClaims, makeEvents, makeRunOptions, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { colours } from '../format/colours.js';
import { eventLine } from './event-line.js';
import { questionLines } from './question-text.js';
import { renderRun } from './render-run.js';
import { stopText } from './stop-text.js';
import { timeLeft, timeLeftText } from './time-left.js';

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
    expect(head).toBe('▰▰▰▱▱▱▱▱▱▱ 0/3 done, 1 not · 1 running · 1m 05s · onto main · pwt r1');
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
    const [head, next] = renderRun(stateOf([...story, ...more]), {
      now: START,
      columns: 200,
      rows: 9,
      colours: plain,
    });
    expect(head).toContain('CPU 91 % · memory 40 %');
    expect(next).toBe('‖ no new starts: CPU at 91 %');
  });
});

describe('eventLine', () => {
  it('tells a story in plain lines and leaves the noise out', () => {
    expect(story.map(eventLine).filter((line) => line !== undefined)).toEqual([
      `12:00:00 run r1 onto main (${'a'.repeat(10)})`,
      '12:00:04 order: 3, 1, 2',
      '12:00:06 1: worktree /wt1 on b1',
      '12:00:07 1: agent started',
      '12:00:09 2: waits for 1, which holds src/1.ts',
      '12:00:10 3: failed: the agent exited with 1',
    ]);
  });

  it('passes over events it does not know', () => {
    expect(eventLine({ ...story[0], type: 'from-the-future' } as unknown as RunEvent)).toBeUndefined();
  });
});

describe('timeLeft', () => {
  const MINUTE = 60_000;
  const started = story[0] as NewRunEvent;
  const first = [started, ...['1', '2', '3', '4'].map((id) => planned(id, `Task ${id}`))];
  const order: NewRunEvent = { type: 'run-planned', order: ['1', '2', '3', '4'], diagnostics: [] };
  const dispatched = (id: string): NewRunEvent[] => [
    { type: 'task-dispatched', taskId: id, attempt: 1, base: COMMIT, stateDir: '/s' },
    { type: 'workspace-created', taskId: id, workspace: { ...workspace, taskId: id } },
    { type: 'agent-launched', taskId: id, launcher: 'l', startedAt: START },
  ];
  const expected = (minutes: Readonly<Record<string, number>>): NewRunEvent => ({
    type: 'times-expected',
    agentMs: Object.fromEntries(Object.entries(minutes).map(([id, amount]) => [id, amount * MINUTE])),
  });
  const textAt = (minutes: number, ...list: readonly NewRunEvent[]) => {
    const state = reduceRun(events(...list), 'r1');
    return timeLeftText(timeLeft(state, START + minutes * MINUTE));
  };

  it('is nothing where nothing, or too little, is known', () => {
    expect(textAt(0, ...first, order)).toBe('');
    expect(textAt(0, ...first, order, expected({ 1: 10 }))).toBe('');
  });

  it('is played with the slots of the run, from what earlier runs took', () => {
    const known = expected({ 1: 10, 2: 10, 3: 10, 4: 10 });
    const slots = (story[0] as Extract<RunEvent, { type: 'run-started' }>).options.maxInstances;
    expect(textAt(0, ...first, order, known)).toBe(`about ${10 * Math.ceil(4 / slots)} min left`);
  });

  it('counts what agents have worked, and waits for claims as the run does', () => {
    const same: NewRunEvent[] = ['1', '2'].map((id) => ({
      ...{ type: 'task-planned', taskId: id, task: makeTask(id) },
      claims: makeClaims(id, 'same.ts'),
    }));
    const list = [started, ...same, order, expected({ 1: 10, 2: 6 }), ...dispatched('1')];
    expect(textAt(0, ...list)).toBe('about 15 min left');
    expect(textAt(8, ...list)).toBe('about 8 min left');
    expect(textAt(30, ...list)).toBe('at least 6 min left');
    expect(textAt(8, ...list, { type: 'stop-requested', mode: 'drain' })).toBe('about 2 min left');
  });

  it('says nothing of a last agent that works longer than expected', () => {
    const list = [started, planned('1', 'One'), order, expected({ 1: 5 }), ...dispatched('1')];
    expect(textAt(4.8, ...list)).toBe('under a minute left');
    expect(textAt(7, ...list)).toBe('');
  });

  it('is only the least where an agent waits for an answer', () => {
    const list = [started, planned('1', 'One'), order, expected({ 1: 9 }), ...dispatched('1')];
    const asked: NewRunEvent = { type: 'question-asked', taskId: '1', question: 'A or B?' };
    expect(textAt(4, ...list, asked)).toBe('at least 5 min left');
  });

  it('names what people have estimated as such, until something was measured', () => {
    const stated = planned('1', 'One') as Extract<NewRunEvent, { type: 'task-planned' }>;
    const task = makeTask('1', { estimateMs: 120 * MINUTE });
    expect(textAt(0, started, { ...stated, task }, order)).toBe("about 2 h left by the tasks' own estimates");
  });

  it('takes what people have estimated as seriously as the measured tasks have shown it to be', () => {
    const stated = (id: string, minutes: number): NewRunEvent => ({
      ...(planned(id, id) as Extract<NewRunEvent, { type: 'task-planned' }>),
      task: makeTask(id, { estimateMs: minutes * MINUTE }),
    });
    const list = [started, stated('1', 60), stated('2', 120), order, expected({ 1: 3 }), ...dispatched('1')];
    expect(textAt(3, ...list)).toBe('about 6 min left');
    const unstated = [started, planned('1', '1'), stated('2', 120), order, expected({ 1: 3 })];
    expect(textAt(0, ...unstated)).toBe("about 2 h left by the tasks' own estimates");
  });
});

describe('questionLines', () => {
  it('says what is asked in full, and how to answer', () => {
    const asked: NewRunEvent = { type: 'question-asked', taskId: '1', question: 'Which of the two: A or B?' };
    const state = reduceRun(events(...(story.slice(0, 8) as readonly NewRunEvent[]), asked), 'r1');
    expect(questionLines(state, 60)).toEqual([
      '? 1 asks you: Which of the two: A or B? (pwt answer 1 …, or',
      '  pwt stop 1)',
    ]);
    expect(questionLines(reduceRun(story, 'r1'), 60)).toEqual([]);
  });
});

describe('stopText', () => {
  const run = (...more: readonly NewRunEvent[]) => reduceRun(events(...more), 'r1');
  const started = story[0] as NewRunEvent;
  const task1 = story.slice(1, 8) as readonly NewRunEvent[];

  it('says at once what happens, and how to go on', () => {
    expect(stopText(run(started), 'drain')).toBe(
      'Nothing more starts. What is finished is tested and lands. To end now: press Ctrl-C again. To go on later: pwt resume',
    );
    expect(stopText(run(started, ...task1), 'drain')).toContain(
      '1 agent (1) finishes; its work is tested and lands.',
    );
    expect(stopText(run(started, ...task1), 'now')).toBe(
      'Ending 1 agent (1) now: its task starts over when the run goes on. To go on later: pwt resume',
    );
  });

  it('promises no landing where a person decides on it', () => {
    const reviewed = { ...started, options: makeRunOptions({ review: true }) } as NewRunEvent;
    expect(stopText(run(reviewed), 'drain')).toContain('is tested and waits for you.');
    const off = { ...started, options: makeRunOptions({ autoMerge: false }) } as NewRunEvent;
    expect(stopText(run(off), 'drain')).toContain('What is finished is tested. ');
  });
});
