import { describe, expect, it } from 'vitest';
import { reachedCap } from './budget.js';
import type { AgentActivity, NewRunEvent, RunEvent } from './index.js';
import { reduceRun, runUsage, summarise, sumOfUsage, taskUsage, tokensOf } from './index.js';

const task = { id: '1', title: 'one', description: '', dependsOn: [], specs: [] };
const used = (total: AgentActivity['total']): NewRunEvent => ({
  type: 'agent-activity',
  taskId: '1',
  activity: { kind: 'usage', text: 'turn', ...(total ? { total } : {}) },
});
const attempt = (number: number): NewRunEvent[] => [
  { type: 'task-dispatched', taskId: '1', attempt: number, base: 'c0', stateDir: `/${number}`, agent: 'a' },
  {
    type: 'workspace-created',
    taskId: '1',
    workspace: {
      ...{ id: 'w', path: '/w', base: 'c0', taskId: '1', runId: 'r' },
      provider: 'p',
      kind: 'task',
    },
  },
  { type: 'agent-launching', taskId: '1', attempt: number },
  { type: 'agent-launched', taskId: '1', launcher: 'x', startedAt: 1 },
];
const continued: Extract<NewRunEvent, { readonly type: 'task-continued' }> = {
  type: 'task-continued',
  taskId: '1',
  feedback: '',
  ending: { status: 'failed', reason: 'red' },
};

function stateOf(...events: NewRunEvent[]) {
  const planned = {
    type: 'task-planned',
    taskId: '1',
    task,
    claims: { taskId: '1', claims: [], unknownScope: false },
  };
  return reduceRun(
    [planned, ...events].map(
      (event, seq) => ({ v: 1, seq, at: seq, runId: 'r', ...event }) as unknown as RunEvent,
    ),
  );
}

describe('what agents use', () => {
  it('is the latest total of each attempt, all attempts together', () => {
    const exit = {
      kind: 'exited',
      exitCode: 0,
      durationMs: 1,
      usage: { inputTokens: 30, costUsd: 0.3 },
    } as const;
    const state = stateOf(
      ...attempt(1),
      used({ inputTokens: 10, outputTokens: 1, costUsd: 0.1 }),
      used({ inputTokens: 20, outputTokens: 2, costUsd: 0.2 }),
      { type: 'agent-exited', taskId: '1', exit },
      continued,
      ...attempt(2),
      used({ inputTokens: 5 }),
    );
    const usage = { inputTokens: 35, outputTokens: 2, costUsd: 0.3 };
    const [only] = [...state.tasks.values()];
    expect(only && taskUsage(only)).toEqual(usage);
    expect(runUsage(state)).toEqual(usage);
    expect(summarise(state)).toMatchObject({ usage, tasks: [{ usage, status: 'cancelled' }] });
  });

  it('does not go down where an agent is found again and tells all of it from the start', () => {
    const state = stateOf(
      ...attempt(1),
      used({ inputTokens: 20, costUsd: 0.2 }),
      used({ inputTokens: 10, outputTokens: 1, costUsd: 0.1 }),
    );
    expect(runUsage(state)).toEqual({ inputTokens: 20, outputTokens: 1, costUsd: 0.2 });
  });

  it('is unknown where nobody tells', () => {
    expect(sumOfUsage([{}, {}])).toEqual({});
    expect(tokensOf({})).toBeUndefined();
    expect(tokensOf({ outputTokens: 3 })).toBe(3);
  });
});

describe('a cap', () => {
  it('is reached by what is used up to it, and not by what is unknown', () => {
    const day = { scope: 'day', cap: { costUsd: 2, tokens: 100 } } as const;
    expect(reachedCap(day, { costUsd: 1.99 })).toBeUndefined();
    expect(reachedCap(day, { costUsd: 2 })).toEqual({ scope: 'day', unit: 'costUsd', cap: 2, used: 2 });
    expect(reachedCap(day, { inputTokens: 60, outputTokens: 40 })).toMatchObject({
      unit: 'tokens',
      used: 100,
    });
    expect(reachedCap(day, {})).toBeUndefined();
    expect(reachedCap({ scope: 'run', cap: undefined }, { costUsd: 9 })).toBeUndefined();
  });
});

describe('a task that waits for another attempt when the run ends', () => {
  it('is reported with the end of its last one', () => {
    const quota = { kind: 'quota', message: '429' } as const;
    const ending = { status: 'failed', reason: 'quota: 429', failure: quota } as const;
    const state = stateOf(...attempt(1), { ...continued, uncounted: true as const, ending });
    expect(summarise(state).tasks).toMatchObject([
      { status: 'cancelled', reason: 'quota: 429', failure: { kind: 'quota' } },
    ]);
  });
});

describe('an agent that is stopped for a cap', () => {
  it('is known as such until the task goes on', () => {
    const reached = { scope: 'run', unit: 'tokens', cap: 5, used: 6 } as const;
    const capped: NewRunEvent = { type: 'agent-capped', taskId: '1', reached };
    const only = (...events: NewRunEvent[]) => stateOf(...events).tasks.get('1');
    expect(only(...attempt(1), capped)?.capped).toEqual(reached);
    expect(only(...attempt(1), capped, continued)?.capped).toBeUndefined();
  });
});
