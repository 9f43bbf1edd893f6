import { describe, expect, it } from 'vitest';
import { workEvents } from '../test/work-events.js';
import { EVENT_VERSION, type NewRunEvent, type RunEvent } from './event.js';
import { hasOwnCommit } from './no-change.js';
import type { RunOptions } from './options.js';
import { applyEvent, emptyRunState, reduceRun } from './reduce.js';
import { holdsClaims, occupiesSlot, statusOf } from './state.js';
import { summarise } from './summary.js';
import type { Task } from './task.js';
import type { TaskIn, TaskState } from './task-state.js';

function task(id: string): Task {
  return { id, title: `Task ${id}`, specs: [], dependsOn: [] };
}

function log(...events: NewRunEvent[]): RunEvent[] {
  return events.map((event, index) => ({
    v: EVENT_VERSION,
    seq: index + 1,
    at: 1000 + index,
    runId: 'r',
    ...event,
  })) as RunEvent[];
}

const claims = { taskId: '1', claims: [], unknownScope: false };
/** All that is looked at here. */
const recorded = { autoMerge: true } as RunOptions;

const start: NewRunEvent[] = [
  { type: 'run-started', target: 'main', base: 'c0', options: recorded, settings: {} },
  { type: 'task-planned', taskId: '1', task: task('1'), claims },
  { type: 'run-planned', order: ['1'], diagnostics: [] },
];
const work = workEvents;
const landed: NewRunEvent = { type: 'landed', target: 'main', from: 'c0', to: 'm1', taskIds: ['1'] };

/** A gate of 1 ms on task 1. */
function gate(status: 'green' | 'red', more: object = {}): NewRunEvent[] {
  const state = { taskIds: ['1'], onto: 'c0', commit: 'm1', tree: 't1', purpose: 'join' } as const;
  const verdict = { status, durationMs: 1, exitCode: 1, summary: 'no' } as const;
  return [
    { type: 'gate-started', ...state },
    { type: 'gate-finished', ...state, verdict, ...more },
  ];
}

function only(events: NewRunEvent[]): TaskState {
  return reduceRun(log(...events)).tasks.get('1') as TaskState;
}

describe('reduceRun', () => {
  it('follows a task through every phase', () => {
    const seen = [...work.keys(), work.length].map((count) => {
      const state = only([...start, ...work.slice(0, count)]);
      return [state.phase, statusOf(state, {}), holdsClaims(state), occupiesSlot(state)].join(' ');
    });
    expect(seen).toEqual([
      'waiting waiting false false',
      'dispatched preparing true true',
      'prepared preparing true true',
      'launching preparing true true',
      'running running true true',
      'exited integrating true false',
      'collected integrating true false',
      'audited integrating true false',
      'integrated integrated false false',
    ]);
  });

  it('moves the integration tip with the task, and the target with the landing', () => {
    const state = reduceRun(log(...start, ...work));
    expect([state.integration, state.landedTip]).toEqual(['m1', 'c0']);
    const after = reduceRun(log(...start, ...work, landed));
    expect([after.integration, after.landedTip, after.tasks.get('1')?.outcome]).toEqual([
      'm1',
      'm1',
      'landed',
    ]);
  });

  it('gives the same state event by event and all at once', () => {
    const events = log(...start, ...work, landed);
    const stepwise = events.reduce(applyEvent, emptyRunState(''));
    expect(stepwise).toEqual(reduceRun(events));
  });

  it('survives being written down', () => {
    const events = log(...start, ...work, landed);
    expect(reduceRun(JSON.parse(JSON.stringify(events)) as RunEvent[])).toEqual(reduceRun(events));
  });

  it('passes over types it does not know, and events about tasks it does not know', () => {
    const strange = { type: 'from-the-future', taskId: '1', x: 1 } as unknown as NewRunEvent;
    const stray = { type: 'agent-launching', taskId: 'unknown', attempt: 1 } as const;
    expect(reduceRun(log(...start, strange, stray)).tasks).toEqual(reduceRun(log(...start)).tasks);
  });

  it('forgets an attempt when the task starts over, but not what it claims or how often it tried', () => {
    const grown = [
      { pattern: 'x', mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'r' },
    ] as const;
    const state = only([
      ...start,
      ...work.slice(0, 6),
      { type: 'claims-audited', taskId: '1', outside: ['x'], grown, heldBy: [] },
      { type: 'task-finished', taskId: '1', status: 'failed', reason: 'no' },
      { type: 'task-requeued', taskId: '1', reason: 'retried' },
    ]);
    expect(state).toEqual({
      task: task('1'),
      claims: grown,
      unknownScope: false,
      phase: 'waiting',
      attempt: 1,
      attempts: [
        {
          ...{ number: 1, status: 'failed', reason: 'no', stateDir: '/s', commit: 'c1', last: true },
          ...{ figures: { agentMs: 5 }, dispatchedAt: expect.any(Number), endedAt: expect.any(Number) },
        },
      ],
      figures: {},
    });
  });

  it('keeps the workspace of a task that goes on, and says what it goes on with', () => {
    const ending = { status: 'failed', reason: 'the gate is red' } as const;
    const events: NewRunEvent[] = [
      ...start,
      ...work.slice(0, 6),
      { type: 'task-continued', taskId: '1', ending, feedback: 'mend it' },
    ];
    const waiting = only(events);
    expect(waiting).toMatchObject({ phase: 'waiting', continues: { after: 1, ending, feedback: 'mend it' } });
    expect(waiting.attempts).toMatchObject([{ number: 1, ...ending }]);
    expect(waiting.workspace?.base).toBe('c0');
    const again = { type: 'task-dispatched', taskId: '1', attempt: 2, base: 'c9', stateDir: '/t' } as const;
    expect(only([...events, again])).toMatchObject({
      phase: 'dispatched',
      base: 'c9',
      workspace: waiting.workspace,
    });
  });

  it('knows what was measured of an attempt, and forgets it with the attempt', () => {
    const setup = { durationMs: 40_000, logFile: '/log' };
    const withSetup = work.map((event) => (event.type === 'workspace-created' ? { ...event, setup } : event));
    const tested = [...start, ...withSetup.slice(0, -1), ...gate('green'), ...withSetup.slice(-1)];
    const { figures } = only(tested);
    expect(figures).toEqual({ setupMs: 40_000, agentMs: 5, gateMs: 1 });
    expect(summarise(reduceRun(log(...tested))).tasks[0]?.figures).toEqual(figures);
    const again: NewRunEvent = {
      type: 'task-dispatched',
      taskId: '1',
      attempt: 2,
      base: 'c0',
      stateDir: '/s',
    };
    expect(only([...start, ...withSetup.slice(0, 6), again]).figures).toEqual({});
  });

  it('knows which gates run, and what they have said of a commit and of its tree', () => {
    const before = [...start, ...work.slice(0, -1)];
    const [started, ended] = gate('red', { fingerprint: 'f' }) as [NewRunEvent, NewRunEvent];
    expect(reduceRun(log(...before, started)).gating).toMatchObject([
      { taskIds: ['1'], commit: 'm1', tree: 't1' },
    ]);
    const stopped: NewRunEvent = { type: 'gate-stopped', commit: 'm1' };
    const interrupted: NewRunEvent = { type: 'run-interrupted', reason: 'x' };
    for (const end of [ended, stopped, interrupted])
      expect(reduceRun(log(...before, started, end)).gating).toEqual([]);
    const state = reduceRun(log(...before, started, ended));
    expect(state.verdicts.get('m1')).toMatchObject({ verdict: { status: 'red' }, fingerprint: 'f' });
    expect(state.verdicts.get('t1')).toEqual(state.verdicts.get('m1'));
    expect(state.tasks.get('1')?.verdict).toMatchObject({ status: 'red' });
  });

  it('has a move of the integration ref as intended until its last task is integrated', () => {
    const move = {
      from: 'c0',
      to: 'm2',
      tasks: [
        { taskId: '1', commit: 'm1' },
        { taskId: '2', commit: 'm2' },
      ],
    };
    const moving: NewRunEvent[] = [...start, ...work.slice(0, -1), { type: 'advance-started', ...move }];
    expect(reduceRun(log(...moving)).advancing).toEqual(move);
    const first: NewRunEvent = { type: 'integrated', taskId: '1', from: 'c0', commit: 'm1' };
    expect(reduceRun(log(...moving, first))).toMatchObject({ integration: 'm1', advancing: move });
    const second: NewRunEvent = { type: 'integrated', taskId: '2', from: 'm1', commit: 'm2' };
    expect(reduceRun(log(...moving, first, second))).not.toHaveProperty('advancing');
    expect(only([...moving, first])).toMatchObject({ onto: 'c0', integratedAs: 'm1' });
  });

  it('has a task that needed no change as integrated, and moves nothing, also in the middle of a move', () => {
    const move: NewRunEvent = {
      ...{ type: 'advance-started', from: 'c0', to: 'm1' },
      tasks: [{ taskId: '2', commit: 'm1' }],
    };
    const settled: NewRunEvent = {
      type: 'integrated',
      taskId: '1',
      from: 'c0',
      commit: 'c0',
      noChange: 'all is well',
    };
    const before = [...start, ...work.slice(0, -1), move];
    const state = reduceRun(log(...before, settled));
    expect(state).toMatchObject({ integration: 'c0', advancing: { to: 'm1' } });
    expect(state.tasks.get('1')).toMatchObject({ outcome: 'integrated', noChange: 'all is well' });
    const unmoved: NewRunEvent = { type: 'landed', target: 'main', from: 'c0', to: 'c0', taskIds: ['1'] };
    const landedTask = only([...before, settled, unmoved]) as TaskIn<'integrated'>;
    expect(landedTask).toMatchObject({ outcome: 'landed', noChange: 'all is well' });
    expect(hasOwnCommit(landedTask)).toBe(false);
    const chosen = { ...unmoved, to: 'm1', tasks: [{ taskId: '1', commit: 'm1' }] } as NewRunEvent;
    expect(hasOwnCommit(only([...before, settled, chosen]) as TaskIn<'integrated'>)).toBe(false);
  });

  it('has of an integrated task the verdict that let it through', () => {
    const green = gate('green', { fingerprint: 'f' });
    const more = { taskIds: ['1', '2'], onto: 'c0', commit: 'm2', purpose: 'join' } as const;
    const verdict = { status: 'red', durationMs: 9, exitCode: 1, summary: 'no' } as const;
    const red: NewRunEvent[] = [
      { type: 'gate-started', ...more, logFile: '/l' },
      { type: 'gate-finished', ...more, verdict },
    ];
    const tasks = [{ taskId: '1', commit: 'm1' }];
    const moved: NewRunEvent[] = [
      { type: 'advance-started', from: 'c0', to: 'm1', tasks },
      ...work.slice(-1),
    ];
    const before = [...start, ...work.slice(0, -1), ...green, ...red];
    expect(only(before).verdict).toMatchObject({ status: 'red' });
    expect(only([...before, ...moved])).toMatchObject({ verdict: { status: 'green' }, judgedBy: 'f' });
  });

  it('forgets with a resume that the gate is red on the base: it is looked at again', () => {
    const said = (code: 'PWT_GATE_BASE_RED' | 'PWT_GATE_FLAKE'): NewRunEvent => ({
      type: 'warning',
      diagnostic: { code, severity: 'warning', message: 'm' },
    });
    const before = [...start, said('PWT_GATE_BASE_RED'), said('PWT_GATE_FLAKE')];
    const codes = (events: NewRunEvent[]) => reduceRun(log(...events)).diagnostics.map(({ code }) => code);
    expect(codes(before)).toEqual(['PWT_GATE_BASE_RED', 'PWT_GATE_FLAKE']);
    expect(codes([...before, { type: 'run-resumed' }])).toEqual(['PWT_GATE_FLAKE']);
  });

  it('passes over an event that does not fit the phase of its task', () => {
    const integrated = work.filter(({ type }) => type === 'integrated');
    expect(only([...start, ...integrated])).toEqual(only(start));
    const late: NewRunEvent = { type: 'task-finished', taskId: '1', status: 'held', reason: 'late' };
    expect(only([...start, ...work, late])).toEqual(only([...start, ...work]));
  });

  it('remembers snapshots beyond the attempt that they are of, each once', () => {
    const taken: NewRunEvent = {
      type: 'snapshot-taken',
      taskId: '1',
      ref: 'refs/pwt/r/snapshots/1/1',
      commit: 'c9',
      reason: 'failed',
    };
    const again: NewRunEvent = { type: 'task-requeued', taskId: '1', reason: 'retried' };
    const { snapshots } = reduceRun(log(...start, ...work.slice(0, 6), taken, taken, again));
    expect(snapshots).toMatchObject([{ taskId: '1', ref: taken.ref, commit: 'c9', reason: 'failed' }]);
  });

  it('goes on after an interruption with the options it is given', () => {
    const options = { ...recorded, autoMerge: false };
    const state = reduceRun(
      log(...start, { type: 'run-interrupted', reason: 'x' }, { type: 'run-resumed', options }),
    );
    expect([state.status, state.options?.autoMerge]).toEqual(['running', false]);
  });
});

describe('summarise', () => {
  it('counts what landed, and calls what has not ended cancelled', () => {
    const other: NewRunEvent = {
      type: 'task-planned',
      taskId: '2',
      task: task('2'),
      claims: { ...claims, taskId: '2' },
    };
    const summary = summarise(reduceRun(log(...start, other, ...work, landed)));
    expect(summary).toMatchObject({ success: false, totals: { landed: 1, cancelled: 1, failed: 0 } });
    expect(summary.tasks[0]).toMatchObject({
      taskId: '1',
      status: 'landed',
      branch: 'b',
      commit: 'c1',
      worktree: '/w',
    });
    expect(summary.tasks[0]?.durationMs).toBe(7);
  });

  it('says why a task needed no change, and keeps it as a note where it has changed something', () => {
    const stated = (integrated: NewRunEvent) =>
      summarise(
        reduceRun(
          log(
            ...start,
            ...work
              .slice(0, -1)
              .map((event) =>
                event.type === 'agent-exited'
                  ? { ...event, exit: { ...event.exit, noChange: 'all is well' } }
                  : event,
              ),
            integrated,
          ),
        ),
      ).tasks[0];
    const without: NewRunEvent = {
      type: 'integrated',
      taskId: '1',
      from: 'c0',
      commit: 'c0',
      noChange: 'all is well',
    };
    expect(stated(without)).toMatchObject({ status: 'integrated', noChange: 'all is well' });
    expect(stated(without)).not.toHaveProperty('note');
    const withWork = stated(work.at(-1) as NewRunEvent);
    expect(withWork).toMatchObject({ status: 'integrated', note: 'all is well' });
    expect(withWork).not.toHaveProperty('noChange');
  });

  it('is a success when all is integrated and landing is off, and not when landing is on', () => {
    const off: NewRunEvent = { type: 'run-resumed', options: { ...recorded, autoMerge: false } };
    expect(summarise(reduceRun(log(...start, off, ...work))).success).toBe(true);
    expect(summarise(reduceRun(log(...start, ...work))).success).toBe(false);
  });

  it('no longer names a worktree that is gone', () => {
    const gone: NewRunEvent = { type: 'workspace-removed', taskId: '1', outcome: { status: 'removed' } };
    expect(summarise(reduceRun(log(...start, ...work, landed, gone))).tasks[0]).not.toHaveProperty(
      'worktree',
    );
  });

  it('is a success when there was nothing to do', () => {
    expect(summarise(emptyRunState('r')).success).toBe(true);
  });
});
