import { expect, it } from 'vitest';
import type { QueuePrior } from './estimate.js';
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

it('looks twice at a red base, and no more', () => {
  const queue = new LandingQueue({ tip: 't0', slots: 1 });
  queue.add({ taskId: '1' });
  const { probes, decisions } = drive(queue, () => ['lint']);

  expect(probes.filter(({ members }) => members.length === 0)).toHaveLength(2);
  expect(decisions.map(({ kind }) => kind)).toEqual(['base-red', 'integrate']);
});

it('tests the base again for each task that is red, where the gate gave no verdict on it', () => {
  const queue = new LandingQueue({ tip: 't0', slots: 2 });
  for (const taskId of ['1', '2']) {
    queue.add({ taskId });
    const probe = queue.next();
    if (probe) queue.judged(probe, ['gate']);
    const base = queue.next();
    expect(base?.purpose).toBe('base');
    queue.add({ taskId: '3' });
    if (base) queue.givenUp(base);
    queue.withdraw(taskId);
  }
  const probe = queue.next();
  if (probe) queue.judged(probe, ['gate']);
  expect(queue.next()).toMatchObject({ purpose: 'base', members: [] });
});

it('does not test the base over and over where the gate gives no verdict', () => {
  const queue = new LandingQueue({ tip: 't0', slots: 1 });
  queue.tipJudged(['lint']);
  const probe = queue.next();
  expect(probe?.purpose).toBe('base');
  if (probe) queue.givenUp(probe);

  expect(queue.next()).toBeUndefined();
  queue.add({ taskId: '1' });
  expect(queue.next()?.purpose).toBe('base');
});

it('comes to an end where other commands are red on the base each time', () => {
  const queue = new LandingQueue({ tip: 't0', slots: 1 });
  queue.add({ taskId: '1' });
  let looks = 0;
  const driven = drive(queue, (tasks) => {
    if (tasks.length > 0) return ['lint'];
    looks += 1;
    return ['lint', `flaky-${looks}`];
  });

  expect(driven.decisions).toContainEqual({ kind: 'base-red', failing: ['lint'] });
  expect(integrated(driven)).toEqual(['1']);
});

it('decides on a task that is red without another one, which has been taken out', () => {
  const queue = new LandingQueue({ tip: 't0', slots: 1 });
  const red = (members: readonly string[]) => [
    'lint',
    ...(members.includes('2') && !members.includes('1') ? ['test'] : []),
  ];
  for (const taskId of ['1', '2']) queue.add({ taskId });
  const both = queue.next();
  expect(both?.members).toEqual(['1', '2']);
  if (both) queue.judged(both, red(both.members));
  queue.withdraw('1');
  const { decisions, probes } = drive(queue, red);

  expect(decisions).toMatchObject([{ kind: 'base-red' }, { kind: 'reject', taskId: '2' }]);
  expect(probes.length).toBeLessThan(10);
});

it('does not ask again for a state that can not be made', () => {
  const queue = greenTip({ slots: 1 });
  queue.add({ taskId: '1' });
  queue.judged(start(queue), []);
  queue.add({ taskId: '2', base: 't0' });
  // The move to the first one is not reported yet: both are joined to the first tip.
  const probe = start(queue);
  expect(probe).toMatchObject({ tip: 't0', members: ['1', '2'] });
  queue.unmergeable(probe, '2');

  expect(queue.next()).toBeUndefined();
  queue.integrated({ ...probe, id: 1 }, 't1');
  expect(start(queue)).toMatchObject({ tip: 't1', members: ['2'] });
});

const greenTip = (options: { readonly slots: number; readonly expected?: number }) => {
  const queue = new LandingQueue({ tip: 't0', slots: options.slots });
  queue.expected = options.expected ?? 0;
  queue.tipJudged([]);
  return queue;
};
const start = (queue: LandingQueue): Probe => {
  const probe = queue.next();
  if (!probe) throw new Error('there is nothing to test');
  return probe;
};

it('gives up a gate for one that tests all tasks, if no more are expected', () => {
  const queue = greenTip({ slots: 1, expected: 1 });
  queue.add({ taskId: '1' });
  const first = start(queue);
  queue.add({ taskId: '2' });

  expect(queue.obsolete()).toEqual([]);
  queue.expected = 0;
  expect(queue.obsolete()).toEqual([first]);
  queue.givenUp(first);
  expect(start(queue).members).toEqual(['1', '2']);
  expect(queue.obsolete()).toEqual([]);
});

it('integrates what runs on top of what has landed without another gate', () => {
  const queue = greenTip({ slots: 2, expected: 1 });
  queue.add({ taskId: '1' });
  const first = start(queue);
  queue.add({ taskId: '2' });
  const second = start(queue);

  expect(queue.judged(first, [])).toEqual([{ kind: 'integrate', probe: first, taskIds: ['1'] }]);
  expect(queue.integrated(first, 't1')).toEqual([]);
  expect(queue.judged(second, [])).toEqual([{ kind: 'integrate', probe: second, taskIds: ['2'] }]);
});

it('has a task wait that can not be joined to another one, until that is decided', () => {
  const queue = greenTip({ slots: 1 });
  queue.add({ taskId: '1' });
  queue.add({ taskId: '2' });
  queue.unmergeable(start(queue), '2');
  const probe = start(queue);

  expect(probe.members).toEqual(['1']);
  queue.judged(probe, []);
  queue.integrated(probe, 't1');
  expect(start(queue)).toMatchObject({ tip: 't1', members: ['2'] });
});

it('tests on the new tip what was to be integrated when the tip moved', () => {
  const queue = greenTip({ slots: 2, expected: 1 });
  queue.add({ taskId: '1' });
  const first = start(queue);
  queue.add({ taskId: '2' });
  const second = start(queue);
  queue.judged(first, []);
  queue.tipMoved('t9');

  expect(queue.obsolete()).toEqual([second]);
  expect(queue.judged(second, [])).toEqual([]);
  expect(start(queue)).toMatchObject({ tip: 't9', members: ['1', '2'] });
});

it('names the partner that has landed long ago, also after a crash', () => {
  const queue = new LandingQueue({
    tip: 't0',
    integrated: [
      { tip: 't1', taskIds: ['1', '2'] },
      { tip: 't2', taskIds: ['3'] },
    ],
    slots: 2,
  });
  queue.tipJudged([]);
  queue.add({ taskId: '4' });
  const tips: Record<string, string[]> = { t0: [], t1: ['1', '2'], t2: ['1', '2', '3'] };
  const decisions: Decision[] = [];
  for (let probe = queue.next(); probe; probe = queue.next()) {
    const tasks = [...(tips[probe.tip] ?? []), ...probe.members];
    decisions.push(...queue.judged(probe, tasks.includes('2') && tasks.includes('4') ? ['test'] : []));
  }

  expect(decisions).toMatchObject([
    { kind: 'reject', taskId: '4', partner: '2', green: { tip: 't2', members: [] } },
  ]);
});

it('does not look for a partner before the tip that the task started from', () => {
  const queue = new LandingQueue({ tip: 't0', integrated: [{ tip: 't1', taskIds: ['1'] }], slots: 1 });
  queue.tipJudged([]);
  queue.add({ taskId: '2', base: 't1' });
  const probes: Probe[] = [];
  for (let probe = queue.next(); probe; probe = queue.next()) {
    probes.push(probe);
    queue.judged(probe, ['test']);
  }

  expect(probes.every(({ tip }) => tip === 't1')).toBe(true);
});

it('says once that a gate is flaky', () => {
  const queue = greenTip({ slots: 1 });
  queue.add({ taskId: '1' });
  const probe = start(queue);
  queue.judged(probe, ['test']);
  const again = start(queue);

  expect(again).toMatchObject({ members: ['1'], purpose: 'confirm' });
  expect(queue.judged(again, [])).toEqual([
    { kind: 'flake', probe: again },
    { kind: 'integrate', probe: again, taskIds: ['1'] },
  ]);
});

it('asks fewer times where gates are known to be steady', () => {
  const countOf = (prior: QueuePrior) => {
    const queue = new LandingQueue({ tip: 't0', slots: 1, prior });
    queue.tipJudged([]);
    queue.add({ taskId: '1' });
    return drive(queue, (tasks) => (tasks.length > 0 ? ['test'] : [])).probes.length;
  };

  expect(countOf({})).toBe(4);
  expect(countOf({ gates: { green: 1_000, flaky: 0 } })).toBe(2);
  expect(countOf({ gates: { green: 400, flaky: 60 } })).toBe(6);
});

it('tests few tasks at a time where many are red', () => {
  const queue = new LandingQueue({ tip: 't0', slots: 1, prior: { tasks: { decided: 100, red: 30 } } });
  for (let at = 1; at <= 32; at += 1) queue.add({ taskId: `${at}` });

  expect(queue.next()?.members).toHaveLength(2);
});
