import { type MachineSample, type NewRunEvent, type RunState, reduceRun, type Workspace } from '@pwt/core';
import { FixedResourceMonitor, makeClaims, makeEvents, makeRunOptions, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { colours } from '../format/colours.js';
import { attemptLines } from './attempt-text.js';
import { eventLine } from './event-line.js';
import { machineLines, machinesText, refusingLines } from './machines-text.js';
import { renderRun } from './render-run.js';

const COMMIT = 'a'.repeat(40);
const load = { cpuPercent: 40.4, memoryPercent: 30, cpuCount: 8 };
const machine = (name: string, more: Partial<MachineSample> = {}): MachineSample => ({
  ...{ name, state: 'ready', ...load, agents: 2, maxAgents: 8, labels: {} },
  ...more,
});
const sample = new FixedResourceMonitor().current;
const machines = [
  machine('w1', { labels: { gpu: '1', os: 'linux' } }),
  machine('w2', { state: 'draining', refuses: ['the gate "make\u001b[31m test"'] }),
];

const workspace: Workspace = {
  ...{ id: '1', provider: 'p', runId: 'r1', taskId: '1', path: '/wt1', base: COMMIT, host: 'w1' },
  kind: 'task',
};
const dispatched = (taskId: string): NewRunEvent => ({
  ...{ type: 'task-dispatched', taskId, attempt: 1, base: COMMIT, stateDir: '/s' },
});
const story = makeEvents(
  { type: 'run-started', target: 'main', base: COMMIT, options: makeRunOptions(), settings: {} },
  ...['1', '2', '3'].map(
    (id): NewRunEvent => ({
      type: 'task-planned',
      taskId: id,
      task: makeTask(id, id === '2' ? { runsOn: { gpu: '2' } } : {}),
      claims: makeClaims(id, `src/${id}.ts`),
    }),
  ),
  { type: 'run-planned', order: ['1', '2', '3'], diagnostics: [] },
  { type: 'resources-sampled', sample: { ...sample, machines } },
  dispatched('1'),
  dispatched('2'),
  dispatched('3'),
  { type: 'workspace-created', taskId: '1', workspace },
  {
    type: 'agent-launched',
    taskId: '1',
    launcher: 'l',
    startedAt: 1,
    details: { agent: 'a', machine: 'w1' },
  },
  { type: 'agent-activity', taskId: '1', activity: { kind: 'tool', text: 'Edit /wt1/src/1.ts' } },
  // Of the machines, nothing has changed.
  { type: 'resources-sampled', sample },
);
const state: RunState = reduceRun(story, 'r1');
const plain = colours({ NO_COLOR: '1' }, true);
const shown = (columns = 110) => renderRun(state, { now: 60_000, columns, rows: 30, colours: plain });

describe('the machines of a run', () => {
  it('are shown with what they do, and tasks with the machine that they are on or wait for', () => {
    const [, fleet, ...tasks] = shown();
    expect(fleet).toBe('⌂ 2 machines: w1 2/8 and w2 2/8 draining · w2 refuses some work (pwt status)');
    expect(tasks[0]).toContain('w1 · Edit src/1.ts');
    expect(tasks[1]).toContain('waits for a machine with gpu=2 to make its');
    expect(tasks[2]).toContain('waits for a machine to make its worktree');
    for (const line of shown(60)) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('are listed by status, with what they do not take', () => {
    expect(machineLines(machines)).toEqual([
      'Machines:',
      '  w1  ready     2 of 8 agents  CPU 40 %  memory 30 %  gpu=1, os=linux',
      '  w2  draining  2 of 8 agents  CPU 40 %  memory 30 %',
      '    refuses: the gate "make [31m test"',
    ]);
    expect(machineLines([])).toEqual(['No machine is connected: tasks wait for one.']);
    expect(machineLines(Array.from({ length: 30 }, (_, at) => machine(`w${at}`))).at(-1)).toBe(
      '  and 10 more (see --json)',
    );
  });

  it('are listed after the run only where they have refused something, and not all that they have refused', () => {
    const refuses = Array.from({ length: 10 }, (_, at) => `job ${at}`);
    expect(refusingLines([machine('w1'), machine('w3', { refuses })])).toEqual([
      'Machines that have refused work:',
      '  w3',
      ...refuses.slice(0, 8).map((what) => `    refuses: ${what}`),
      '    and 2 more (see --json)',
    ]);
    expect(refusingLines([machine('w1')])).toEqual([]);
    expect(refusingLines(undefined)).toEqual([]);
    const many = Array.from({ length: 30 }, (_, at) => machine(`w${at}`, { refuses: ['x'] }));
    expect(refusingLines(many).at(-1)).toBe('  and 10 more (see --json)');
  });

  it('are not spoken of where agents work on this one', () => {
    expect(machinesText(undefined)).toBe('');
    expect(machineLines(undefined)).toEqual([]);
    const here = reduceRun(
      story
        .map((event) => (event.type === 'resources-sampled' ? { ...event, sample } : event))
        .filter(({ type }) => type !== 'workspace-created'),
      'r1',
    );
    const lines = renderRun(here, { now: 60_000, columns: 110, rows: 30, colours: plain }).join('\n');
    expect(lines).not.toMatch(/machine|⌂/);
    expect(lines).toContain('making its worktree');
  });

  it('are named in the lines of events, and where one is lost', () => {
    const lines = story.flatMap((event) => eventLine(event) ?? []);
    expect(lines.join('\n')).toContain('1: worktree /wt1 on w1');
    expect(lines.join('\n')).toContain('1: agent started on w1');
    const exit = { kind: 'lost', lostWith: 'w1', durationMs: 1000 } as const;
    const reason = 'machine w1 was lost while the agent worked there';
    const failure = { kind: 'lost', message: reason, machine: 'w1' } as const;
    const ends = makeEvents(
      { type: 'agent-exited', taskId: '1', exit },
      {
        type: 'task-continued',
        taskId: '1',
        ending: { status: 'failed', reason, failure },
        feedback: '',
        uncounted: true,
      },
    ).map((event) => ({ ...event, seq: event.seq + story.length }));
    expect(ends.map((event) => eventLine(event)?.replace(/^\S+ /, ''))).toEqual([
      '1: agent lost: machine w1 was lost after 1.0s',
      '1: goes on after failed: machine w1 was lost while the agent worked there',
    ]);
    const after = reduceRun([...story, ...ends], 'r1');
    expect(attemptLines(after)).toEqual([
      expect.stringMatching(/^1, attempt 1 \(a on w1\): failed.*: machine w1 was lost while/),
    ]);
  });
});
