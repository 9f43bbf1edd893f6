import { type AgentExit, emptyRunState, type NewRunEvent, type RunOptions } from '@pwt/core';
import {
  makeClaims,
  makeGateEvents,
  makeRunOptions,
  makeState,
  makeTask,
  makeTaskEvents,
} from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { nextSteps } from './next-steps.js';

const BASE = 'a'.repeat(40);
const TIP = 'b'.repeat(40);

const started = (options: Partial<RunOptions> = {}): NewRunEvent => ({
  ...{ type: 'run-started', target: 'main', base: BASE, settings: {} },
  options: makeRunOptions(options),
});
const planned = (taskId: string, ...dependsOn: readonly string[]): NewRunEvent => ({
  ...{ type: 'task-planned', taskId },
  task: makeTask(taskId, { dependsOn }),
  claims: makeClaims(taskId, `${taskId}.ts`),
});
const worked = (taskId: string, kind: AgentExit['kind'] = 'exited'): NewRunEvent[] =>
  makeTaskEvents(taskId, 'exited', { exit: { kind, exitCode: 0, durationMs: 1 } });
/** From there. */
const collected = (taskId: string, ...paths: readonly string[]): readonly NewRunEvent[] =>
  makeTaskEvents(taskId, 'collected', { changes: paths.map((path) => ({ path, kind: 'added' })) }).slice(-1);
const gated = (taskId: string, status: 'red' | 'timed-out'): readonly NewRunEvent[] => [
  ...makeTaskEvents(taskId, 'audited').slice(worked(taskId).length),
  ...makeGateEvents([taskId], { status, exitCode: 1, summary: 'no', durationMs: 600_000 }),
];
const ended = (
  taskId: string,
  status: Extract<NewRunEvent, { type: 'task-finished' }>['status'],
  reason = 'because',
): NewRunEvent => ({ type: 'task-finished', taskId, status, reason });
const integrated = (taskId: string): readonly NewRunEvent[] =>
  makeTaskEvents(taskId, 'integrated').slice(worked(taskId).length);
const refused: NewRunEvent = {
  type: 'warning',
  diagnostic: {
    code: 'PWT_LAND_REFUSED',
    severity: 'warning',
    message: 'a.ts is in the way.',
    hint: 'Move it.',
  },
};
const finished: NewRunEvent = {
  ...{ type: 'run-finished', success: false, tasks: [], durationMs: 1 },
  totals: {} as Extract<NewRunEvent, { type: 'run-finished' }>['totals'],
};

/** The commands of a finished run of one task, 1, which such events have happened to. */
function commandsAfter(...events: readonly NewRunEvent[]): (string | undefined)[] {
  return nextSteps(makeState(started(), planned('1'), ...events, finished), { active: false }).map(
    ({ command }) => command,
  );
}

describe('the next step', () => {
  it('is to start a task over that came to nothing, with what made it fail put right', () => {
    expect(commandsAfter(ended('1', 'failed', 'PWT_WORKTREE_EXISTS'))).toEqual(['pwt retry 1']);
    expect(commandsAfter(...worked('1'), ended('1', 'failed'))).toEqual(['pwt retry 1']);
    expect(commandsAfter(...worked('1'), ...gated('1', 'red'), ended('1', 'failed'))).toEqual([
      'pwt retry 1',
    ]);
    expect(commandsAfter(...worked('1'), ...gated('1', 'timed-out'), ended('1', 'failed'))).toEqual([
      'pwt retry 1 --gate-timeout 20m',
    ]);
    expect(commandsAfter(...worked('1', 'timed-out'), ended('1', 'timed-out'))).toEqual([
      'pwt retry 1 --timeout 240m',
    ]);
    expect(commandsAfter(...worked('1'), ended('1', 'conflicted'))).toEqual(['pwt retry 1', 'pwt resolve 1']);
    expect(commandsAfter(ended('1', 'cancelled'))).toEqual(['pwt retry 1']);
    expect(commandsAfter(...worked('1'), ...collected('1'), ended('1', 'unchanged'))).toEqual([
      'pwt retry 1',
    ]);
  });

  it('after a silence that was too long is a longer one, where there is a limit', () => {
    const silent = [...worked('1', 'idle-timed-out'), ended('1', 'timed-out'), finished];
    const state = makeState(started({ idleTimeoutMs: 45_000 }), planned('1'), ...silent);
    expect(nextSteps(state, { active: false })).toMatchObject([
      { command: 'pwt retry 1 --idle-timeout 90s', look: 'pwt logs 1' },
    ]);
  });

  it('shows what went wrong where that is on record', () => {
    const red = makeState(
      started(),
      planned('1'),
      ...worked('1'),
      ...gated('1', 'red'),
      ended('1', 'failed'),
      finished,
    );
    expect(nextSteps(red, { active: false })).toMatchObject([
      { look: 'pwt logs --gate 1', why: [expect.stringContaining('mend them first')] },
    ]);
  });

  it('for a held task finishes it, and never throws its work away', () => {
    expect(commandsAfter(...worked('1'), ended('1', 'held'))).toEqual(['pwt resume']);
    const audited: NewRunEvent = {
      ...{ type: 'claims-audited', taskId: '1', outside: ['x.ts'], grown: [], heldBy: [] },
    };
    const held = [...worked('1'), ...collected('1', 'x.ts'), audited, ended('1', 'held', 'outside')];
    const state = makeState(started({ audit: 'strict' }), planned('1'), ...held, finished);
    expect(nextSteps(state, { active: false })).toMatchObject([
      { action: 'Finish 1', command: 'pwt resume --audit warn', why: ['1 is held: outside'] },
    ]);
  });

  it('for a task that the gate could not test is to test it again, with the gate as it is now', () => {
    const failure = { kind: 'gate-broken', message: 'no shell' } as const;
    const held: NewRunEvent = { ...ended('1', 'held', 'no shell'), failure } as NewRunEvent;
    const state = makeState(started(), planned('1'), ...worked('1'), held, finished);
    expect(nextSteps(state, { active: false })).toEqual([
      {
        ...{ action: 'Test 1 again', why: ['1 is held: no shell'], taskIds: ['1'] },
        ...{ command: 'pwt retry 1', look: 'pwt logs --gate 1' },
      },
    ]);
  });

  it('for a held task whose worktree is gone is to start over: there is nothing to resume', () => {
    const gone: NewRunEvent = { type: 'workspace-removed', taskId: '1', outcome: { status: 'removed' } };
    expect(commandsAfter(...worked('1'), ended('1', 'held'), gone)).toEqual(['pwt retry 1']);
  });

  it('lands what waits, and says why it waits', () => {
    const waits = [...worked('1'), ...integrated('1')];
    expect(commandsAfter(...waits)).toEqual(['pwt land']);
    const off = makeState(started({ autoMerge: false }), planned('1'), ...waits, finished);
    expect(nextSteps(off, { active: false })).toMatchObject([{ why: ['Landing is off for this run.'] }]);
    const blocked = makeState(started(), planned('1'), ...waits, refused, finished);
    expect(nextSteps(blocked, { active: false })).toEqual([
      {
        action: 'Land 1',
        why: ['Not landed: a.ts is in the way.', 'Move it.'],
        taskIds: ['1'],
        command: 'pwt land',
      },
    ]);
  });

  it('says why all that is ready for a review could not land', () => {
    const ready = [...worked('1'), ...integrated('1')];
    const reviewed = makeState(started({ review: true }), planned('1'), ...ready, refused, finished);
    expect(nextSteps(reviewed, { active: false })).toMatchObject([
      {
        why: [
          'Not landed: a.ts is in the way.',
          'Move it.',
          expect.stringMatching(/^Ready for your review: 1\./),
        ],
        command: 'pwt land 1',
      },
    ]);
  });

  it('names a worktree that stays although its work has landed, why, and what lets it go', () => {
    const landed: NewRunEvent = { type: 'landed', target: 'main', from: BASE, to: TIP, taskIds: ['1'] };
    const removed = (
      outcome: Extract<NewRunEvent, { type: 'workspace-removed' }>['outcome'],
    ): NewRunEvent => ({
      ...{ type: 'workspace-removed', taskId: '1', outcome },
    });
    const done = [started(), planned('1'), ...worked('1'), ...integrated('1'), landed];
    const locked = {
      status: 'kept',
      reason: 'in-use',
      message: '/wt1 is locked',
      hint: 'git worktree unlock /wt1',
    };
    const kept = makeState(...done, removed(locked as never), finished);
    expect(nextSteps(kept, { active: false })).toEqual([
      {
        action: 'Remove the worktree of 1',
        why: ['1 has landed, and its worktree stays: /wt1 is locked.', 'First: git worktree unlock /wt1'],
        taskIds: ['1'],
        command: 'pwt clean 1',
      },
    ]);
    const dirty = removed({ status: 'kept', reason: 'dirty', message: 'x' });
    expect(nextSteps(makeState(...done, dirty, finished), { active: false })).toMatchObject([
      { command: 'pwt clean 1 --force-dirty' },
    ]);
    const gone = makeState(...done, removed(locked as never), removed({ status: 'removed' }), finished);
    expect(nextSteps(gone, { active: false })).toEqual([]);
  });

  it('forgets why a landing was refused once it has landed, or is about to be tried again', () => {
    const landed: NewRunEvent = { type: 'landed', target: 'main', from: BASE, to: TIP, taskIds: ['1'] };
    expect(commandsAfter(...worked('1'), ...integrated('1'), refused, landed)).toEqual([]);
    const resumed = makeState(
      started(),
      planned('1'),
      ...worked('1'),
      ...integrated('1'),
      refused,
      { type: 'run-resumed' },
      finished,
    );
    expect(nextSteps(resumed, { active: false })).toMatchObject([{ why: ['Tested, and not landed yet.'] }]);
  });

  it('goes on with what was interrupted before anything else', () => {
    const stopped: NewRunEvent = { type: 'run-interrupted', reason: 'stopped by the user' };
    const events = [started(), planned('1'), planned('2'), ...worked('1'), ended('1', 'failed')];
    for (const state of [makeState(...events), makeState(...events, stopped)]) {
      expect(nextSteps(state, { active: false })).toMatchObject([{ command: 'pwt resume', taskIds: ['2'] }]);
    }
    const blocked = [planned('3'), ...worked('3'), ...integrated('3'), refused];
    const alsoBlocked = makeState(...events, ...blocked, stopped);
    expect(nextSteps(alsoBlocked, { active: false }).map(({ command }) => command)).toEqual([
      'pwt resume',
      'pwt land',
    ]);
  });

  it('of several is first the one that costs least', () => {
    const state = makeState(
      ...[started(), planned('1'), planned('2'), planned('3'), planned('4')],
      ...[...worked('1'), ended('1', 'failed'), ...worked('2'), ...integrated('2')],
      ...[...worked('3'), ended('3', 'held'), ...worked('4'), ended('4', 'failed'), finished],
    );
    expect(nextSteps(state, { active: false }).map(({ command }) => command)).toEqual([
      'pwt resume',
      'pwt land',
      'pwt retry 1 4',
    ]);
  });

  it('for a skipped task is the one of the task that it needs', () => {
    const state = makeState(
      ...[started(), planned('1'), planned('2', '1'), ...worked('1'), ended('1', 'failed')],
      ...[ended('2', 'skipped'), finished],
    );
    expect(nextSteps(state, { active: false })).toMatchObject([{ command: 'pwt retry 1' }]);
  });

  it('for tasks that nothing in the run brings back is a run of their own', () => {
    const circle = makeState(
      ...[started(), planned('1', '2'), planned('2', '1')],
      ...[ended('1', 'skipped'), ended('2', 'skipped'), finished],
    );
    expect(nextSteps(circle, { active: false })).toMatchObject([
      { command: 'pwt run 1 2', look: 'pwt plan --check' },
    ]);
    const there = makeState(
      ...[started(), planned('1'), planned('2', '1'), ...worked('1'), ...collected('1', 'a.ts')],
      ...[ended('1', 'unchanged'), ended('2', 'skipped'), finished],
    );
    expect(nextSteps(there, { active: false })).toMatchObject([{ command: 'pwt run 2', taskIds: ['2'] }]);
  });

  it('while the run is active has no command that the run would refuse', () => {
    const state = makeState(
      ...[started(), planned('1'), planned('2'), ...worked('1'), ...integrated('1'), refused],
      { type: 'admission-paused', reason: 'the disk is full' },
    );
    expect(nextSteps(state, { active: true })).toEqual([
      { action: 'Wait', why: ['No new agents start for now: the disk is full.'], taskIds: ['2'] },
      {
        action: 'Wait',
        why: ['Not landed: a.ts is in the way.', 'Move it.', 'Landing is tried again with the next task.'],
        taskIds: ['1'],
      },
    ]);
    expect(nextSteps(makeState(started(), planned('1')), { active: true })).toEqual([]);
  });

  it('names a run that is not the newest', () => {
    const state = makeState(
      ...[started(), planned('1'), planned('2'), planned('3'), ...worked('1'), ended('1', 'failed')],
      ...[...worked('2'), ...integrated('2'), ...worked('3'), ended('3', 'held'), finished],
    );
    expect(nextSteps(state, { active: false, named: true })).toMatchObject([
      { command: 'pwt resume r1' },
      { command: 'pwt land r1' },
      { command: 'pwt retry 1 --run r1', look: 'pwt logs 1 --run r1' },
    ]);
  });

  it('of a run in which all has landed, or nothing has happened, is none', () => {
    expect(nextSteps(emptyRunState('r1'), { active: false })).toEqual([]);
    expect(nextSteps(makeState(started(), finished), { active: false })).toEqual([]);
  });
});
