import { expect, it } from 'vitest';
import type { Decision, Probe } from './joint-state.js';
import { LandingQueue } from './landing-queue.js';

interface Driven {
  readonly decisions: Decision[];
  readonly probes: Probe[];
}

/** Runs everything to its end, one gate after the other. `failing` says what is red with these tasks on the base. */
function drive(queue: LandingQueue, failing: (tasks: readonly string[]) => readonly string[]): Driven {
  const landed = new Map([['t0', [] as readonly string[]]]);
  const driven: Driven = { decisions: [], probes: [] };
  const apply = (decisions: readonly Decision[]) => {
    for (const decision of decisions) {
      driven.decisions.push(decision);
      if (decision.kind !== 'integrate') continue;
      const tip = `t${landed.size}`;
      landed.set(tip, [...(landed.get(decision.probe.tip) ?? []), ...decision.probe.members]);
      apply(queue.integrated(decision.probe, tip));
    }
  };
  const running: Probe[] = [];
  for (;;) {
    for (let probe = queue.next(); probe; probe = queue.next()) running.push(probe);
    const probe = running.shift();
    if (!probe) return driven;
    driven.probes.push(probe);
    apply(queue.judged(probe, failing([...(landed.get(probe.tip) ?? []), ...probe.members])));
    for (const gone of queue.obsolete()) {
      running.splice(running.indexOf(gone), 1);
      apply(queue.givenUp(gone));
    }
  }
}

function queueOf(count: number, slots = 1): LandingQueue {
  const queue = new LandingQueue({ tip: 't0', slots });
  queue.tipJudged([]);
  for (let at = 1; at <= count; at += 1) queue.add({ taskId: `${at}` });
  return queue;
}

const integrated = ({ decisions }: Driven) =>
  decisions.flatMap((decision) => (decision.kind === 'integrate' ? decision.taskIds : []));
const rejected = ({ decisions }: Driven) =>
  decisions.flatMap((decision) =>
    decision.kind === 'reject' ? [[decision.taskId, decision.partner].filter(Boolean).join('+')] : [],
  );

it('tests all tasks that wait in one go', () => {
  const driven = drive(queueOf(12), () => []);

  expect(driven.probes).toMatchObject([{ tip: 't0', members: { length: 12 }, purpose: 'join' }]);
  expect(integrated(driven)).toHaveLength(12);
});

it('tests what has come meanwhile on top of what runs', () => {
  const queue = queueOf(2, 2);
  const first = queue.next();
  queue.add({ taskId: '3' });
  const second = queue.next();

  expect(first?.members).toEqual(['1', '2']);
  expect(second).toMatchObject({ tip: 't0', members: ['1', '2', '3'] });
  expect(queue.next()).toBeUndefined();
});

it.each([1, 2, 3, 8])('finds the one that is at fault, with %i slots', (slots) => {
  const driven = drive(queueOf(12, slots), (tasks) => (tasks.includes('7') ? ['test'] : []));

  expect(rejected(driven)).toEqual(['7']);
  expect(integrated(driven)).toHaveLength(11);
});

it.each([1, 2, 3, 8])('names two tasks that are only red together, with %i slots', (slots) => {
  const driven = drive(queueOf(8, slots), (tasks) =>
    tasks.includes('3') && tasks.includes('6') ? ['test'] : [],
  );

  expect([['3+6'], ['6+3']]).toContainEqual(rejected(driven));
  expect(integrated(driven)).toHaveLength(7);
});

it('blames no task for a flake', () => {
  let count = 0;
  const driven = drive(queueOf(5), () => {
    count += 1;
    return count === 1 ? ['test'] : [];
  });

  expect(integrated(driven)).toHaveLength(5);
  expect(rejected(driven)).toEqual([]);
});

it('counts for nothing what is red on the base', () => {
  const queue = new LandingQueue({ tip: 't0', slots: 1 });
  for (const taskId of ['1', '2', '3']) queue.add({ taskId });
  const driven = drive(queue, (tasks) => (tasks.includes('2') ? ['lint', 'test'] : ['lint']));

  expect(driven.decisions).toContainEqual({ kind: 'base-red', failing: ['lint'] });
  expect(rejected(driven)).toEqual(['2']);
  expect(integrated(driven)).toEqual(expect.arrayContaining(['1', '3']));
});
