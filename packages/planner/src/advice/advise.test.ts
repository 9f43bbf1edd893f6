import { analyseClaims, ClaimTable } from '@pwt/claims';
import type { Claim, Task, TaskClaims } from '@pwt/core';
import { planSchedule } from '@pwt/planner';
import { describe, expect, it } from 'vitest';
import { advisePlan, type PlanAdvice } from './advise.js';
import { type HotFileGroup, hotFileGroups } from './hot-files.js';

const HOUR = 3_600_000;

const claim = (pattern: string, extra: Partial<Claim> = {}): Claim => ({
  ...{ pattern, mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'test' },
  ...{ place: { path: `${pattern}.md`, line: 7 } },
  ...extra,
});
const own = (id: string, ...claims: readonly (string | Claim)[]): TaskClaims => ({
  taskId: id,
  claims: claims.map((one) => (typeof one === 'string' ? claim(one) : one)),
  unknownScope: false,
});
const unknown = (taskId: string): TaskClaims => ({ taskId, claims: [claim('**')], unknownScope: true });

function advise(
  claims: readonly TaskClaims[],
  {
    paths = [],
    hours = {},
    maxInstances = 4,
  }: {
    paths?: readonly string[];
    hours?: Readonly<Record<string, number>>;
    maxInstances?: number;
  } = {},
): {
  advice: PlanAdvice;
  hot: readonly HotFileGroup[];
  replay: (changed: readonly TaskClaims[]) => number;
} {
  const tasks = claims.map(
    ({ taskId }): Task => ({
      ...{ id: taskId, title: taskId, specs: [], dependsOn: [] },
      estimateMs: (hours[taskId] ?? 1) * HOUR,
    }),
  );
  const tree = { paths: [...paths].sort() };
  const table = ClaimTable.of(claims);
  const play = (changed: readonly TaskClaims[]) =>
    planSchedule({ tasks, claims: changed, maxInstances, separation: 'balanced' });
  const hot = hotFileGroups({ claims, table, tree }, analyseClaims({ claims, tree }).conflicts);
  const plan = { tasks, claims, table, schedule: play(claims) };
  return {
    hot,
    advice: advisePlan({ plan, hot, maxInstances, separation: 'balanced' }),
    replay: (changed) => play(changed).predicted.makespanMs,
  };
}

describe('advisePlan', () => {
  it('says which file to split out of which specs, and what that really gains', () => {
    const claims = ['21', '34', '40'].map((id) => own(id, `src/${id}.ts`, 'src/index.ts'));
    const { advice, replay } = advise(claims);
    expect(advice.steps).toHaveLength(1);
    expect(advice.steps[0]).toMatchObject({
      kind: 'split',
      paths: ['src/index.ts'],
      tasks: ['34', '40'],
      keptBy: ['21'],
      places: [
        { taskId: '34', pattern: 'src/index.ts', place: { path: 'src/index.ts.md', line: 7 } },
        { taskId: '40', pattern: 'src/index.ts' },
      ],
      before: { makespanMs: 3 * HOUR, speedup: 1 },
      after: { makespanMs: HOUR, savedMs: 2 * HOUR, speedup: 3 },
    });
    const byHand = [own('21', 'src/21.ts', 'src/index.ts'), own('34', 'src/34.ts'), own('40', 'src/40.ts')];
    expect(replay(byHand)).toBe(HOUR);
  });

  it('ranks paths by what they cost, not by how many want them', () => {
    const { advice } = advise(
      [own('1', 'busy'), own('2', 'busy'), own('3', 'busy'), own('4', 'slow'), own('5', 'slow')],
      { hours: { 4: 9, 5: 9 } },
    );
    expect(advice.costs.map(({ hot, gain }) => [hot.path, gain?.savedMs])).toEqual([
      ['slow', 9 * HOUR],
      ['busy', 0],
    ]);
    expect(advice.costs.map(({ loadMs }) => loadMs)).toEqual([18 * HOUR, 3 * HOUR]);
  });

  it('advises nothing where nothing would be gained', () => {
    const { advice } = advise([own('1', 'a'), own('2', 'a')], { maxInstances: 1 });
    expect(advice.steps).toEqual([]);
    expect(advice.costs[0]?.gain).toMatchObject({ savedMs: 0 });
  });

  it('advises nothing for a gain that is too small to notice', () => {
    const claims = [own('1', 'a'), own('2', 'a'), own('3', 'b')];
    const { steps, costs } = advise(claims, { hours: { 1: 100, 2: 1, 3: 100.5 } }).advice;
    expect(costs[0]?.gain?.savedMs).toBe(0.5 * HOUR);
    expect(steps).toEqual([]);
  });

  it('counts each step on top of those before it', () => {
    const { advice } = advise([own('1', 'a'), own('2', 'a'), own('3', 'b'), own('4', 'b'), unknown('5')], {
      hours: { 1: 5, 2: 5, 3: 4, 4: 4 },
    });
    expect(advice.steps.map(({ kind, paths, tasks }) => [kind, paths, tasks])).toEqual([
      ['split', ['a'], ['2']],
      ['split', ['b'], ['4']],
      ['name-files', [], ['5']],
    ]);
    for (const [at, step] of advice.steps.entries()) {
      expect(step.before.makespanMs - step.after.makespanMs).toBe(step.after.savedMs);
      if (at > 0) expect(step.before.makespanMs).toBe(advice.steps[at - 1]?.after.makespanMs);
    }
  });

  it('takes a file out of a pattern, and leaves the rest of the pattern claimed', () => {
    const { advice } = advise([own('1', 'src/*.ts'), own('2', 'src/a.ts'), own('3', 'src/b.ts')], {
      paths: ['src/a.ts', 'src/b.ts'],
      hours: { 2: 5 },
    });
    expect(advice.costs.find(({ hot }) => hot.path === 'src/a.ts')?.gain).toMatchObject({
      savedMs: HOUR,
    });
  });

  it('leaves a changelog to those that append to it', () => {
    const append = claim('CHANGELOG.md', { class: 'append' });
    const { advice } = advise([
      own('1', append),
      own('2', append),
      own('3', 'CHANGELOG.md'),
      own('4', append),
    ]);
    expect(advice.steps[0]).toMatchObject({ tasks: ['3'], keptBy: ['1', '2', '4'] });
  });

  it('says when more agents would help and the specs would not', () => {
    const claims = ['1', '2', '3', '4'].map((id) => own(id, `${id}.ts`));
    expect(advise(claims, { maxInstances: 2 }).advice).toMatchObject({
      steps: [],
      moreInstances: { maxInstances: 4, savedMs: HOUR, speedup: 4 },
    });
    expect(advise(claims, { maxInstances: 4 }).advice).not.toHaveProperty('moreInstances');
  });

  it('tries nothing where a trial would take too long, and still ranks', () => {
    const many = Array.from({ length: 2000 }, (_, n) => busy(n));
    const tasks = many.map(({ taskId }): Task => ({ id: taskId, title: '', specs: [], dependsOn: [] }));
    const schedule = {
      ...{ order: [], bound: { ms: 0, by: 'slots' as const }, cyclic: [] },
      predicted: { sequentialMs: 0, makespanMs: 0, speedup: 1 },
      timeline: many.map(({ taskId }, n) => ({ taskId, startMs: n * HOUR, endMs: (n + 1) * HOUR })),
    };
    const table = ClaimTable.of(many);
    const hot = hotFileGroups({ claims: many, table, tree: { paths: [] } }, []);
    const advice = advisePlan({
      ...{ plan: { tasks, claims: many, table, schedule }, hot },
      ...{ maxInstances: 4, separation: 'balanced' },
    });
    expect(advice.steps).toEqual([]);
    expect(advice.costs[0]).toMatchObject({ hot: { path: 'hot.ts' }, loadMs: 2000 * HOUR });
    expect(advice.costs[0]).not.toHaveProperty('gain');
  });
});

function busy(n: number): TaskClaims {
  return own(String(n), 'hot.ts', `${n}.ts`);
}
