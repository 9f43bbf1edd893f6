import { describe, expect, it } from 'vitest';
import { workEvents } from '../test/work-events.js';
import { EVENT_VERSION, type NewRunEvent, type RunEvent } from './event.js';
import type { Finding } from './finding.js';
import type { RunOptions } from './options.js';
import { reduceRun } from './reduce.js';
import { summarise } from './summary.js';

const stateOf = (...list: readonly NewRunEvent[]) =>
  reduceRun(
    list.map((event, at) => ({ v: EVENT_VERSION, seq: at + 1, at, runId: 'r', ...event }) as RunEvent),
  );

/** All that is looked at here. */
const recorded = { autoMerge: true } as RunOptions;
const task = { id: '1', title: '', specs: [], dependsOn: [] };
const allLanded: readonly NewRunEvent[] = [
  { type: 'run-started', target: 'main', base: 'c0', options: recorded, settings: {} },
  { type: 'task-planned', taskId: '1', task, claims: { taskId: '1', claims: [], unknownScope: false } },
  ...workEvents,
  { type: 'landed', target: 'main', from: 'c0', to: 'm1', taskIds: ['1'] },
];

function finding(kind: Finding['kind'], severity: Finding['severity'], taskIds: readonly string[] = []) {
  return { kind, severity, taskIds, message: `${kind}.`, hint: 'Do it.' } as const;
}
const found = (...args: Parameters<typeof finding>): NewRunEvent => ({
  type: 'finding',
  finding: finding(...args),
});
const index = finding('index', 'error');

describe('a run in which all has landed', () => {
  it('has not succeeded while a finding is an error, whatever it is about', () => {
    for (const kind of ['index', 'target', 'config'] as const) {
      const { success, totals } = summarise(stateOf(...allLanded, found(kind, 'error')));
      expect([success, totals.landed]).toEqual([false, 1]);
    }
    for (const severity of ['warning', 'info'] as const)
      expect(summarise(stateOf(...allLanded, found('index', severity))).success).toBe(true);
  });

  it('has succeeded once that was put right', () => {
    const state = stateOf(...allLanded, found('index', 'error'), {
      type: 'finding-resolved',
      finding: index,
    });
    expect(summarise(state).success).toBe(true);
    expect(state.findings).toEqual([{ ...index, resolved: true }]);
  });
});

describe('what held a task', () => {
  it.each(['submodule', 'merge'] as const)('is put right when the task goes on: %s', (kind) => {
    const onward = { type: 'task-reopened', taskId: '1', reason: 'by the user' } as const;
    const held = [
      found(kind, 'error', ['1']),
      { type: 'task-finished', taskId: '1', status: 'held', reason: '' },
    ];
    const before = [...allLanded.slice(0, -2), ...held] as NewRunEvent[];
    expect(stateOf(...before).findings).toEqual([finding(kind, 'error', ['1'])]);
    expect(stateOf(...before, onward).findings).toMatchObject([{ kind, resolved: true }]);
  });
});

describe('a finding', () => {
  it('is open again if it is found again after it was put right, and is there once', () => {
    const resolved: NewRunEvent = { type: 'finding-resolved', finding: index };
    const state = stateOf(...allLanded, found('index', 'error'), resolved, found('index', 'error'));
    expect(state.findings).toEqual([index]);
  });

  it('that stood in the way of a landing is put right by the next one; others are not', () => {
    const { findings } = stateOf(
      ...[
        found('config', 'error'),
        found('checkouts', 'error'),
        found('index', 'error'),
        found('stash', 'warning'),
      ],
      ...allLanded,
    );
    expect(findings.map(({ kind, severity, resolved }) => [kind, severity, resolved])).toEqual([
      ['config', 'error', true],
      ['checkouts', 'error', true],
      ['index', 'error', undefined],
      ['stash', 'warning', undefined],
    ]);
  });

  it('about the work of a task is gone once the task is looked at again, and comes back if it still holds', () => {
    const held = found('submodule', 'error', ['1']);
    const other = found('gitlink', 'error', ['2']);
    const reopened: NewRunEvent = { type: 'task-reopened', taskId: '1', reason: '' };
    const first = stateOf(...allLanded.slice(0, 2), held, other, reopened);
    expect(first.findings.map(({ resolved }) => resolved)).toEqual([true, undefined]);
    expect(stateOf(...allLanded.slice(0, 2), held, reopened, held).findings).toEqual([
      finding('submodule', 'error', ['1']),
    ]);
    expect(summarise(stateOf(...allLanded.slice(0, 2), held, ...allLanded.slice(2))).success).toBe(true);
  });
});
