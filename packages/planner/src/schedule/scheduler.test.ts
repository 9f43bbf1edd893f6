import { ClaimTable } from '@pwt/claims';
import { type Claim, claimRelation } from '@pwt/core';
import { overlap } from '@pwt/scope';
import { makeClaim } from '@pwt/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SchedulableTask } from './schedulable.js';
import { Scheduler, type SchedulerOptions } from './scheduler.js';
import { simulate } from './simulate.js';

function task(
  id: string,
  claims: readonly (string | Claim)[],
  extra: Partial<SchedulableTask> = {},
): SchedulableTask {
  return {
    id,
    claims: claims.map((claim) => (typeof claim === 'string' ? makeClaim(claim) : claim)),
    unknownScope: false,
    dependsOn: [],
    priority: 0,
    estimateMs: 1,
    ...extra,
  };
}

function scheduler(
  tasks: readonly SchedulableTask[],
  separation: 'strict' | 'balanced' | 'eager' = 'balanced',
) {
  return new Scheduler({ tasks, order: tasks.map((entry) => entry.id), separation, maxInstances: 2 });
}

function start(subject: Scheduler): string | undefined {
  const id = subject.next();
  if (id !== undefined) subject.apply({ type: 'task-dispatched', taskId: id });
  return id;
}

/** As a run ends a task, and with it those that need it. */
function rejected(subject: Scheduler, taskId: string): readonly string[] {
  const skipped = subject.waitingDependentsOf(taskId);
  for (const one of [taskId, ...skipped]) subject.apply({ type: 'task-finished', taskId: one });
  return skipped;
}

describe('Scheduler', () => {
  it('passes over a task whose claims are held, says by whom, and gives it its turn', () => {
    const subject = scheduler([task('1', ['src/a.ts']), task('2', ['src/*.ts']), task('3', ['docs/x.md'])]);
    expect([start(subject), start(subject), start(subject)]).toEqual(['1', '3', undefined]);
    expect(subject.blockerOf('2')).toEqual({ kind: 'claim', taskId: '1', path: 'src/a.ts' });
    subject.apply({ type: 'integrated', taskId: '1' });
    expect(start(subject)).toBe('2');
  });

  it('tells who is next: who may start, then who waits for tasks in flight, and no two that can not run together', () => {
    const subject = scheduler([
      task('1', ['a']),
      task('2', ['a']),
      task('3', ['a']),
      task('4', ['b'], { dependsOn: ['1'] }),
      task('5', ['c'], { dependsOn: ['6'] }),
      task('6', ['d']),
      task('7', ['e']),
    ]);
    expect(subject.upcoming(9)).toEqual(['1', '6', '7']);
    expect(start(subject)).toBe('1');
    expect(subject.upcoming(9)).toEqual(['6', '7', '2', '4']);
    expect(subject.upcoming(1)).toEqual(['6']);
    expect([start(subject), start(subject), start(subject)]).toEqual(['6', '7', undefined]);
    expect(subject.upcoming(9)).toEqual(['2', '4', '5']);
    subject.apply({ type: 'integrated', taskId: '1' });
    subject.apply({ type: 'task-finished', taskId: '6' });
    expect(subject.upcoming(9)).toEqual(['2', '4']);
  });

  it('lets appenders to one changelog run together', () => {
    const line = makeClaim('CHANGELOG.md', { class: 'append' });
    const subject = scheduler([task('1', [line]), task('2', [line])]);
    expect([start(subject), start(subject)]).toEqual(['1', '2']);
  });

  it.each([
    ['strict', ['1', undefined]],
    ['balanced', ['1', '3']],
    ['eager', ['1', '2']],
  ] as const)('treats a merely possible collision as %s says', (separation, expected) => {
    const maybe = makeClaim('a.ts', { confidence: 'possible' });
    const tasks = [
      task('1', ['a.ts']),
      task('2', [maybe]),
      task('3', separation === 'strict' ? [maybe] : ['b.ts']),
    ];
    const subject = scheduler(tasks, separation);
    expect([start(subject), start(subject)]).toEqual(expected);
  });

  it('with balanced takes the possible collision when nothing better is left', () => {
    const subject = scheduler([
      task('1', ['a.ts']),
      task('2', [makeClaim('a.ts', { confidence: 'possible' })]),
    ]);
    expect([start(subject), start(subject)]).toEqual(['1', '2']);
  });

  it('reserves the claims of a wide task that keeps losing', () => {
    const small = Array.from({ length: 20 }, (_, index) => task(`s${index}`, [`${index}.txt`]));
    const subject = scheduler([...small.slice(0, 1), task('wide', ['*.txt']), ...small.slice(1)]);
    const running = [start(subject)];
    let starts = 1;
    for (;;) {
      const next = start(subject);
      if (next !== undefined) {
        running.push(next);
        starts += 1;
        if (next === 'wide') break;
        continue;
      }
      subject.apply({ type: 'integrated', taskId: running.shift() as string });
    }
    expect(starts).toBeLessThan(10);
    expect(subject.waitingCount).toBeGreaterThan(10);
  });

  it('starts dependents after integration only, and drops them all when what they need is rejected', () => {
    const subject = scheduler([
      task('1', ['a']),
      task('2', ['b'], { dependsOn: ['1'] }),
      task('3', ['c'], { dependsOn: ['2'] }),
      task('4', ['d'], { dependsOn: ['elsewhere'] }),
    ]);
    expect([start(subject), start(subject), start(subject)]).toEqual(['1', '4', undefined]);
    expect(subject.blockerOf('3')).toEqual({ kind: 'dependency', taskId: '2' });
    expect([...rejected(subject, '1')].sort()).toEqual(['2', '3']);
    expect(subject.waitingCount).toBe(0);
  });

  it('passes a turn on when the task that had it is given up', () => {
    const tasks = [task('1', ['hot']), task('2', ['cold'], { dependsOn: ['1'] })];
    const subject = scheduler([...tasks, task('3', ['hot']), task('4', ['hot'])]);
    expect([start(subject), start(subject)]).toEqual(['1', undefined]);
    subject.apply({ type: 'integrated', taskId: '1' });
    expect(start(subject)).toBe('2');
    rejected(subject, '3');
    expect(start(subject)).toBe('4');
  });

  it('respects claims that grow while a task runs', () => {
    const subject = scheduler([task('1', ['a']), task('2', ['b'])]);
    start(subject);
    subject.apply({ type: 'claims-audited', taskId: '1', grown: [makeClaim('b')] });
    expect(start(subject)).toBeUndefined();
    subject.apply({ type: 'integrated', taskId: '1' });
    expect(start(subject)).toBe('2');
  });
});

const patterns = ['a', 'b', 'c', 'x/a', 'x/b', 'x/*', 'x/**', '*', '**', '{a,b}', 'x/'];
const anyTask = fc.record({
  claims: fc.array(fc.constantFrom(...patterns), { minLength: 1, maxLength: 3 }),
  estimateMs: fc.integer({ min: 1, max: 9 }),
  dependsOn: fc.array(fc.nat({ max: 30 }), { maxLength: 2 }),
});

describe('any schedule', () => {
  it('never runs two conflicting tasks at once, and gets everything done', () => {
    fc.assert(
      fc.property(
        fc.array(anyTask, { maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        (raw, maxInstances) => {
          const tasks = raw.map((entry, index) => {
            const dependsOn = entry.dependsOn.filter((id) => id < index).map(String);
            return task(String(index), entry.claims, { estimateMs: entry.estimateMs, dependsOn });
          });
          const order = tasks.map((entry) => entry.id);
          const timeline = simulate({ tasks, order, maxInstances, separation: 'balanced' });
          expect(timeline.map((entry) => entry.taskId).sort()).toEqual([...order].sort());
          const at = new Map(timeline.map((entry) => [entry.taskId, entry]));
          for (const a of timeline) {
            const together = timeline.filter((b) => b.startMs <= a.startMs && a.startMs < b.endMs);
            expect(together.length).toBeLessThanOrEqual(maxInstances);
            const claims = tasks[Number(a.taskId)]?.claims ?? [];
            for (const b of together) {
              if (a === b) continue;
              for (const mine of claims) {
                for (const theirs of tasks[Number(b.taskId)]?.claims ?? []) {
                  const clash =
                    overlap(mine.pattern, theirs.pattern) && claimRelation(mine, theirs) === 'conflict';
                  expect(
                    clash,
                    `${a.taskId} ${mine.pattern} beside ${b.taskId} ${theirs.pattern}`,
                  ).toBeFalsy();
                }
              }
            }
            for (const id of tasks[Number(a.taskId)]?.dependsOn ?? []) {
              expect(at.get(id)?.endMs).toBeLessThanOrEqual(a.startMs);
            }
          }
        },
      ),
      { seed: 20261124, numRuns: 300 },
    );
  });
});
describe('balanced with risk', () => {
  const risky =
    (chances: Readonly<Record<string, number>>) =>
    (a: string, b: string): number =>
      chances[[a, b].sort().join('')] ?? 0;
  const tasks = ['1', '2', '3', '4', '5', '6'].map((id) => task(id, [`${id}.ts`]));
  const beside1 = (chances: Readonly<Record<string, number>>, extra: Partial<SchedulerOptions> = {}) => {
    const order = tasks.map((entry) => entry.id);
    const options = { tasks, order, maxInstances: 2, separation: 'balanced', risk: risky(chances) } as const;
    const subject = new Scheduler({ ...options, ...extra });
    expect(start(subject)).toBe('1');
    return subject;
  };

  it('takes the least likely to collide of the first four that may start', () => {
    expect(start(beside1({ 12: 0.4, 13: 0.2, 14: 0.3, 15: 0.5, 16: 0.1 }))).toBe('3');
    expect(start(beside1({ 12: 0.4, 13: 0.2 }, { separation: 'eager' }))).toBe('2');
  });

  it('starts none above the bound, and one in any case when nothing runs', () => {
    const chances = { 12: 0.9, 13: 0.9, 14: 0.9, 15: 0.9, 16: 0.9, 23: 0.9 };
    const subject = beside1(chances);
    expect(start(subject)).toBeUndefined();
    expect(subject.blockerOf('2')).toEqual({ kind: 'risk', taskId: '1', probability: 0.9 });
    subject.apply({ type: 'integrated', taskId: '1' });
    expect(subject.blockerOf('2')).toBeUndefined();
    expect(start(subject)).toBe('2');
    expect(start(beside1(chances, { waitAboveRisk: 1 }))).toBe('2');
  });

  it('passes over one that is too likely to collide for one that is not', () => {
    expect(start(beside1({ 12: 0.8, 13: 0.8, 14: 0.8, 15: 0.8, 16: 0.5 }))).toBe('6');
  });

  it('says nothing of risk where many come before, and asks for none, until it was passed over', () => {
    const asked: string[] = [];
    const risk = (a: string, b: string) => {
      asked.push(`${a} ${b}`);
      return [a, b].sort().join('') === '12' ? 0.9 : 0;
    };
    const subject = beside1({}, { risk });
    asked.length = 0;
    expect(subject.waitsFor('2', true)).toBeUndefined();
    expect(asked).toEqual([]);
    expect(subject.waitsFor('2')).toEqual({ kind: 'risk', taskId: '1', probability: 0.9 });
    expect(start(subject)).toBe('3');
    expect(subject.waitsFor('2', true)).toEqual({ kind: 'risk', taskId: '1', probability: 0.9 });
  });

  it('is not kept waiting by the number of those in flight', () => {
    const chances = { 12: 0.6, 13: 0.6, 14: 0.6, 23: 0.6, 24: 0.6, 34: 0.6 };
    const subject = beside1(chances, { tasks: tasks.slice(0, 4) });
    expect([start(subject), start(subject), start(subject)]).toEqual(['2', '3', '4']);
  });

  it('never passes over a higher priority for a lower risk', () => {
    const urgent = tasks.map((entry) => ({ ...entry, priority: entry.id <= '2' ? 1 : 0 }));
    expect(start(beside1({ 12: 0.6 }, { tasks: urgent }))).toBe('2');
  });
});

it('makes a task that starts over claim what it turned out to touch', () => {
  const subject = scheduler([task('1', ['a']), task('2', ['b'])]);
  expect([start(subject), start(subject)]).toEqual(['1', '2']);
  subject.apply({ type: 'claims-audited', taskId: '2', grown: [makeClaim('a')] });
  subject.apply({ type: 'task-requeued', taskId: '2' });
  expect(start(subject)).toBeUndefined();
  subject.apply({ type: 'integrated', taskId: '1' });
  expect(start(subject)).toBe('2');
});

it('reserves nothing any more for a task that is skipped', () => {
  const others = ['1', '2', '3', '4', '5'].map((id) => task(id, [`other/${id}`]));
  const held = task('held', ['a']);
  const subject = scheduler([
    task('lost', ['x']),
    task('done', ['y'], { dependsOn: ['lost'] }),
    task('skipped', ['a', 'b'], { dependsOn: ['done'] }),
    ...[held, ...others, task('last', ['b'])],
  ]);
  // As a run that is taken up tells it: what is in may need what was rejected after all.
  subject.apply({ type: 'task-dispatched', taskId: 'done' });
  subject.apply({ type: 'integrated', taskId: 'done' });
  subject.apply({ type: 'task-dispatched', taskId: 'lost' });
  subject.apply({ type: 'task-dispatched', taskId: 'held' });
  for (const { id } of others) subject.apply({ type: 'task-dispatched', taskId: id });
  expect(subject.blockerOf('last')).toEqual({ kind: 'reserved', taskId: 'skipped' });
  expect(rejected(subject, 'lost')).toEqual(['skipped']);
  expect(subject.next()).toBe('last');
});

it('keeps a turn, and those behind it, for later while a higher priority starts', () => {
  const tasks = [
    task('urgent', ['b', 'c'], { priority: 1 }),
    task('both', ['a', 'b']),
    task('next', ['a']),
    ...[task('holds a', ['a']), task('holds c', ['c']), task('risky', ['d'])],
  ];
  const risk = (...pair: readonly string[]) => (pair.includes('urgent') && pair.includes('risky') ? 0.2 : 0);
  const order = tasks.map(({ id }) => id);
  const subject = new Scheduler({ tasks, order, risk, separation: 'balanced', maxInstances: 9 });
  for (const id of ['holds a', 'holds c', 'risky']) subject.apply({ type: 'task-dispatched', taskId: id });
  expect(subject.next()).toBeUndefined();
  subject.apply({ type: 'integrated', taskId: 'holds c' });
  subject.apply({ type: 'integrated', taskId: 'holds a' });
  expect([start(subject), start(subject)]).toEqual(['urgent', 'next']);
});

it('reserves for one task at a time, the first that was passed over too often', () => {
  const others = ['1', '2', '3', '4', '5', '6'].map((id) => task(id, [`other/${id}`]));
  const subject = scheduler([
    ...[task('late', ['a'], { dependsOn: ['d'] }), task('first', ['b']), task('d', ['d'])],
    ...[task('holds a', ['a']), task('holds b', ['b']), ...others, task('last', ['b'])],
  ]);
  for (const id of ['d', 'holds a', 'holds b', '1']) subject.apply({ type: 'task-dispatched', taskId: id });
  subject.apply({ type: 'integrated', taskId: 'd' });
  for (const id of ['2', '3', '4', '5', '6']) subject.apply({ type: 'task-dispatched', taskId: id });
  subject.apply({ type: 'integrated', taskId: 'holds b' });
  expect(subject.blockerOf('last')).toEqual({ kind: 'reserved', taskId: 'first' });
  expect(subject.next()).toBe('first');
});

it('counts a task that is in once, however often it is told', () => {
  const subject = scheduler([
    task('1', ['a']),
    task('2', ['b']),
    task('3', ['c'], { dependsOn: ['1', '2'] }),
  ]);
  expect([start(subject), start(subject)]).toEqual(['1', '2']);
  subject.apply({ type: 'integrated', taskId: '1' });
  subject.apply({ type: 'integrated', taskId: '1' });
  expect(start(subject)).toBeUndefined();
  subject.apply({ type: 'integrated', taskId: '2' });
  expect(start(subject)).toBe('3');
});

describe('who holds a claim', () => {
  const started = (tasks: readonly SchedulableTask[], table = new ClaimTable()) => {
    const order = tasks.map(({ id }) => id);
    const subject = new Scheduler({ ...{ tasks, order, table }, separation: 'eager', maxInstances: 9 });
    for (const id of order) subject.apply({ type: 'task-dispatched', taskId: id });
    return subject;
  };

  it('is told without keeping what is asked about', () => {
    const table = new ClaimTable();
    const subject = started([task('1', ['src/**']), task('2', ['src/a', 'b'])], table);
    expect(subject.holdersOf([makeClaim('src/b')], '3')).toEqual(['1']);
    expect(subject.holdersOf([makeClaim('src/a'), makeClaim('c')], '3')).toEqual(['1', '2']);
    expect(subject.holdersOf([makeClaim('b'), makeClaim('src/*')], '2')).toEqual(['1']);
    expect(table.size).toBe(3);
    subject.apply({ type: 'claims-audited', taskId: '2', grown: [makeClaim('d')] });
    subject.apply({ type: 'integrated', taskId: '1' });
    expect(subject.holdersOf([makeClaim('src/a'), makeClaim('d')], '3')).toEqual(['2']);
    expect(subject.holdersOf([makeClaim('d')], '3')).toEqual(['2']);
  });

  it('takes no longer to tell where a task holds very many', () => {
    const paths = Array.from({ length: 20_000 }, (_, at) => makeClaim(`gen/${at}`));
    const subject = started([task('1', []), task('2', [])]);
    subject.apply({ type: 'claims-audited', taskId: '1', grown: paths });
    const start = process.cpuUsage();
    expect(paths.filter((path) => subject.holdersOf([path], '2').length === 0)).toEqual([]);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});

describe('a rewritten target', () => {
  it('makes dependents wait again for what is put on it again', () => {
    const subject = scheduler([task('1', ['a']), task('2', ['b'], { dependsOn: ['1'] }), task('3', ['a'])]);
    subject.apply({ type: 'task-dispatched', taskId: '1' });
    subject.apply({ type: 'integrated', taskId: '1' });
    expect(subject.next()).toBe('2');
    subject.apply({ type: 'target-replaced', taskIds: ['1'] });
    expect(subject.next()).toBeUndefined();
    expect(subject.blockerOf('2')).toEqual({ kind: 'dependency', taskId: '1' });
    expect(subject.blockerOf('3')).toEqual({ kind: 'claim', taskId: '1', path: 'a' });
    subject.apply({ type: 'integrated', taskId: '1' });
    expect(start(subject)).toBe('2');
  });

  it('ends the reservation of a task that waits for another again', () => {
    const others = ['1', '2', '3', '4', '5'].map((id) => task(id, [`other/${id}`]));
    const subject = scheduler([
      ...[task('late', ['a', 'b'], { dependsOn: ['d'] }), task('d', ['d']), task('holds a', ['a'])],
      ...[...others, task('last', ['b'])],
    ]);
    for (const id of ['d', 'holds a']) subject.apply({ type: 'task-dispatched', taskId: id });
    subject.apply({ type: 'integrated', taskId: 'd' });
    for (const { id } of others) subject.apply({ type: 'task-dispatched', taskId: id });
    expect(subject.blockerOf('last')).toEqual({ kind: 'reserved', taskId: 'late' });
    subject.apply({ type: 'target-replaced', taskIds: ['d'] });
    expect(subject.blockerOf('last')).toBeUndefined();
    expect(subject.next()).toBe('last');
  });
});

it('names the tasks that can not start if one is not integrated, and changes nothing by it', () => {
  const subject = scheduler([
    task('1', ['a']),
    ...[task('2', ['b'], { dependsOn: ['1'] }), task('3', ['c'], { dependsOn: ['2'] }), task('4', ['d'])],
  ]);
  subject.apply({ type: 'task-dispatched', taskId: '1' });
  expect([...subject.waitingDependentsOf('1')].sort()).toEqual(['2', '3']);
  expect([...subject.waiting]).toEqual(['2', '3', '4']);
  subject.apply({ type: 'integrated', taskId: '1' });
  expect(subject.next()).toBe('2');
});

it('wakes a task when one in flight grows by a claim that subtracts', () => {
  const subject = scheduler([task('1', ['src/*']), task('2', ['src/b'])]);
  expect([start(subject), start(subject)]).toEqual(['1', undefined]);
  subject.apply({ type: 'claims-audited', taskId: '1', grown: [makeClaim('!src/b')] });
  expect(start(subject)).toBe('2');
});

it('takes no notice of tasks that it was not given', () => {
  const subject = scheduler([task('1', ['a'])]);
  subject.apply({ type: 'task-dispatched', taskId: 'unknown' });
  subject.apply({ type: 'target-replaced', taskIds: ['unknown'] });
  expect(start(subject)).toBe('1');
});
