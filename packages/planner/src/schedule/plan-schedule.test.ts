import { makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { topologicalOrder } from './graph.js';
import { planSchedule } from './plan-schedule.js';

const minutes = (count: number) => count * 60_000;

function plan(
  tasks: Readonly<
    Record<string, { claims: string[]; minutes?: number; dependsOn?: string[]; priority?: number }>
  >,
  maxInstances = 2,
) {
  return planSchedule({
    tasks: Object.entries(tasks).map(([id, task]) =>
      makeTask(id, {
        dependsOn: task.dependsOn ?? [],
        ...(task.minutes === undefined ? {} : { estimateMs: minutes(task.minutes) }),
        ...(task.priority === undefined ? {} : { priority: task.priority }),
      }),
    ),
    claims: Object.entries(tasks).map(([id, task]) => ({
      ...makeClaims(id, ...task.claims),
      unknownScope: task.claims.includes('**'),
    })),
    maxInstances,
    separation: 'balanced',
  });
}

describe('planSchedule', () => {
  it('predicts two slots for independent tasks', () => {
    const result = plan({
      '1': { claims: ['a'] },
      '2': { claims: ['b'] },
      '3': { claims: ['c'] },
      '4': { claims: ['d'] },
    });
    expect(result.bound).toEqual({ ms: minutes(20), by: 'slots' });
    expect(result.predicted).toEqual({ sequentialMs: minutes(40), makespanMs: minutes(20), speedup: 2 });
  });

  it('names the tasks without a scope as the reason where there are no others', () => {
    const result = plan({ '1': { claims: ['**'] }, '2': { claims: ['**'] } });
    expect(result.bound).toEqual({ ms: minutes(20), by: 'unknown-scope' });
  });

  it('starts the hot file first, because everything else fits beside it', () => {
    const result = plan(
      {
        '1': { claims: ['a'], minutes: 10 },
        '2': { claims: ['b'], minutes: 10 },
        '3': { claims: ['hot'], minutes: 10 },
        '4': { claims: ['hot'], minutes: 10 },
        '5': { claims: ['hot'], minutes: 10 },
      },
      3,
    );
    expect(result.order.slice(0, 3)).toEqual(['3', '4', '5']);
    expect(result.bound).toEqual({ ms: minutes(30), by: 'shared-paths' });
    expect(result.predicted.makespanMs).toBe(minutes(30));
  });

  it('puts the head of a long chain before a longer single task', () => {
    const result = plan({
      '1': { claims: ['a'], minutes: 15 },
      '2': { claims: ['b'], minutes: 10 },
      '3': { claims: ['c'], minutes: 10, dependsOn: ['2'] },
    });
    expect(result.order[0]).toBe('2');
    expect(result.bound).toEqual({ ms: minutes(20), by: 'critical-path' });
    expect(result.predicted.makespanMs).toBe(minutes(20));
  });

  it('obeys the user first', () => {
    const result = plan({
      '1': { claims: ['a'], minutes: 90 },
      '2': { claims: ['b'], minutes: 1, priority: 5 },
    });
    expect(result.order).toEqual(['2', '1']);
  });

  it('lets a task of unknown scope run alone, and says that this costs', () => {
    const result = plan({
      '1': { claims: ['**'], minutes: 10 },
      '2': { claims: ['a'], minutes: 10 },
      '3': { claims: ['b'], minutes: 10 },
    });
    expect(result.predicted.makespanMs).toBe(minutes(20));
    expect(result.bound.ms).toBe(minutes(20));
  });

  it('gives tasks without an estimate the median of the others', () => {
    const result = plan(
      { '1': { claims: ['a'], minutes: 4 }, '2': { claims: ['a'] }, '3': { claims: ['a'], minutes: 30 } },
      1,
    );
    expect(result.predicted.sequentialMs).toBe(minutes(4 + 30 + 30));
  });

  it('names circles and plans the rest', () => {
    const result = plan({
      '1': { claims: ['a'], dependsOn: ['2'] },
      '2': { claims: ['b'], dependsOn: ['1'] },
      '3': { claims: ['c'] },
      '4': { claims: ['d'], dependsOn: ['1'] },
    });
    expect([...result.cyclic].sort()).toEqual(['1', '2', '4']);
    expect(result.timeline.map((entry) => entry.taskId)).toEqual(['3']);
  });

  it('is empty for no tasks', () => {
    expect(plan({})).toMatchObject({ order: [], predicted: { makespanMs: 0, speedup: 1 } });
  });

  it('orders ids as people do', () => {
    const result = plan({ '10': { claims: ['a'] }, '9': { claims: ['b'] }, '1': { claims: ['c'] } });
    expect(result.order).toEqual(['1', '9', '10']);
  });
});

describe('topologicalOrder', () => {
  it('takes a dependency that is named twice once', () => {
    expect(
      topologicalOrder([
        { id: 'b', dependsOn: ['a', 'a'] },
        { id: 'a', dependsOn: [] },
      ]),
    ).toEqual({
      order: ['a', 'b'],
      cyclic: [],
    });
  });
});
