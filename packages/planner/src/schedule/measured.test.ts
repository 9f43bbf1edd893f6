import { ClaimTable } from '@pwt/claims';
import type { Task, TaskClaims } from '@pwt/core';
import { makeClaims, makeTask } from '@pwt/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSchedule, schedulableTasks } from './plan-schedule.js';
import { simulate } from './simulate.js';

const RUNS = process.env.PWT_PROVE === '1' ? 5_000 : 150;

interface Work {
  readonly id: string;
  /** How long its agent really takes. */
  readonly ms: number;
  readonly claims?: readonly string[];
  readonly dependsOn?: readonly string[];
}

function planOf(work: readonly Work[], maxInstances: number, measured?: ReadonlyMap<string, number>) {
  return planSchedule({
    tasks: tasksOf(work),
    claims: claimsOf(work),
    maxInstances,
    separation: 'balanced',
    measured,
  });
}

const tasksOf = (work: readonly Work[]): Task[] =>
  work.map(({ id, dependsOn = [] }) => makeTask(id, { dependsOn: [...dependsOn] }));
const claimsOf = (work: readonly Work[]): TaskClaims[] =>
  work.map(({ id, claims = [] }) => makeClaims(id, `${id}.txt`, ...claims));
const timesOf = (work: readonly Work[]) => new Map(work.map(({ id, ms }) => [id, ms]));

/** How long a run takes that follows this order, with the times that the agents really take. */
function played(work: readonly Work[], maxInstances: number, order: readonly string[]): number {
  const claims = claimsOf(work);
  const table = ClaimTable.of(claims);
  const tasks = schedulableTasks(tasksOf(work), claims, timesOf(work));
  const timeline = simulate({ tasks, order, maxInstances, separation: 'balanced', table });
  return Math.max(0, ...timeline.map(({ endMs }) => endMs));
}

/** The shortest time of any schedule of independent tasks. */
function bestPacking(times: readonly number[], slots: number): number {
  const loads = new Array<number>(slots).fill(0);
  const longestFirst = [...times].sort((a, b) => b - a);
  let best = Number.POSITIVE_INFINITY;
  const place = (at: number, most: number): void => {
    const ms = longestFirst[at];
    if (ms === undefined) best = Math.min(best, most);
    if (ms === undefined || most >= best) return;
    for (const load of new Set(loads)) {
      const slot = loads.indexOf(load);
      loads[slot] = load + ms;
      place(at + 1, Math.max(most, load + ms));
      loads[slot] = load;
    }
  };
  place(0, 0);
  return best;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a plan by measured times', () => {
  const uneven = Array.from({ length: 12 }, (_, at) => ({
    id: String(at + 1),
    ms: (at + 1) % 3 === 0 ? 5_000 : 1_000,
  }));

  it('starts long tasks early: uneven ones end as the best packing does, in the second run', () => {
    const first = planOf(uneven, 3);
    expect(first.order).toEqual(uneven.map(({ id }) => id));
    expect(played(uneven, 3, first.order)).toBeGreaterThan(11_000);
    const second = planOf(uneven, 3, timesOf(uneven));
    expect(second.order.slice(0, 4)).toEqual(['3', '6', '9', '12']);
    expect(played(uneven, 3, second.order)).toBe(10_000);
    expect(second.predicted.makespanMs).toBe(10_000);
    expect(second.bound.ms).toBeCloseTo(28_000 / 3);
  });

  it('takes a task of which nothing is known for the median of the others', () => {
    const order = ['1', '2', '3', '4', '5'].map((id) => ({ id, ms: 0 }));
    const measured = new Map([
      ['1', 100],
      ['2', 900],
      ['4', 300],
      ['5', 200],
    ]);
    expect(planOf(order, 1, measured).order).toEqual(['2', '3', '4', '5', '1']);
  });

  it('compares what specs state with what was measured, and scales it', () => {
    const stated = (id: string, hours: number) => makeTask(id, { estimateMs: hours * 3_600_000 });
    const { timeline } = planSchedule({
      tasks: [stated('1', 1), stated('2', 2), stated('3', 4), makeTask('4')],
      claims: ['1', '2', '3', '4'].map((id) => makeClaims(id, id)),
      maxInstances: 1,
      separation: 'balanced',
      measured: new Map([
        ['1', 10_000],
        ['2', 20_000],
      ]),
    });
    expect(
      Object.fromEntries(timeline.map(({ taskId, startMs, endMs }) => [taskId, endMs - startMs])),
    ).toEqual({
      '1': 10_000,
      '2': 20_000,
      '3': 40_000,
      '4': 20_000,
    });
  });

  it('lets the one of those that take turns go first which others wait for', () => {
    const work: Work[] = [
      { id: '1', ms: 2_000, claims: ['hot'] },
      { id: '2', ms: 2_000, claims: ['hot'] },
      { id: '3', ms: 1_000, claims: ['hot'] },
      { id: '4', ms: 2_000, dependsOn: ['3'] },
      { id: '5', ms: 2_000, dependsOn: ['4'] },
    ];
    const { order } = planOf(work, 2, timesOf(work));
    expect(order[0]).toBe('3');
    expect(played(work, 2, order)).toBe(5_000);
  });

  it('packs independent tasks as well as any schedule, up to a few percent', () => {
    const ratios: number[] = [];
    const input = fc.record({
      slots: fc.integer({ min: 2, max: 4 }),
      times: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 3, maxLength: 11 }),
    });
    fc.assert(
      fc.property(input, ({ slots, times }) => {
        const work = times.map((ms, at) => ({ id: String(at), ms }));
        const { order } = planOf(work, slots, timesOf(work));
        const ratio = played(work, slots, order) / bestPacking(times, slots);
        ratios.push(ratio);
        // Graham's bound for "longest first".
        expect(ratio).toBeLessThanOrEqual(4 / 3 - 1 / (3 * slots) + 1e-9);
      }),
      { seed: 20261130, numRuns: RUNS },
    );
    expect(mean(ratios)).toBeLessThan(1.03);
    expect(ratios.filter((ratio) => ratio > 1.15).length).toBeLessThanOrEqual(ratios.length / 50);
  });

  it('is near the lower bound with claims and dependencies, and far nearer than without times', () => {
    const known: number[] = [];
    const unknown: number[] = [];
    const task = fc.record({
      ms: fc.oneof(fc.constant(1), fc.constant(1), fc.constant(5), fc.integer({ min: 1, max: 20 })),
      hot: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 2 }),
      after: fc.option(fc.integer({ min: 0, max: 100 }), { freq: 3 }),
    });
    const input = fc.record({
      slots: fc.integer({ min: 2, max: 5 }),
      drawn: fc.array(task, { minLength: 8, maxLength: 32 }),
    });
    fc.assert(
      fc.property(input, ({ slots, drawn }) => {
        const work = drawn.map(({ ms, hot, after }, at) => ({
          id: String(at),
          ms,
          claims: hot === null ? [] : [`hot-${hot}`],
          dependsOn: after === null || at === 0 ? [] : [String(after % at)],
        }));
        const plan = planOf(work, slots, timesOf(work));
        known.push(played(work, slots, plan.order) / plan.bound.ms);
        unknown.push(played(work, slots, planOf(work, slots).order) / plan.bound.ms);
      }),
      { seed: 20261130, numRuns: RUNS },
    );
    expect(mean(known)).toBeLessThan(1.06);
    expect(mean(known) - 1).toBeLessThan((mean(unknown) - 1) / 2);
  });
});
