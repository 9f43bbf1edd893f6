import { makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import type { Coordinator } from '../src/index.js';
import { failPowerAt, killAt } from './mortal.js';
import { fileGate, outcomes, RUN_ID, type Work, World } from './world.js';

/** Every pair of kills, or a sample of them. */
const STEP = process.env.PWT_PROVE === '1' ? 1 : 7;

const RETRIES = { 'gate-red': 1, conflict: 1, 'no-change': 1, 'early-crash': 1 } as const;

/** Right only for an agent that was told what the gate has said. */
const mends: Work = (files, { request }) => {
  files.set('1.txt', request.continues?.feedback.includes('expected 4') ? '4\n' : '5\n');
};

/** Changes what another task changes, and joins both where it sees them together. */
function joins(own: string, other: string): Work {
  return (files) => {
    const text = files.get('shared.txt') ?? '';
    files.set(
      'shared.txt',
      text.includes('<<<<<<<') || text.includes(other) ? 'two and three\n' : `${own}\n`,
    );
  };
}

/** Never gets it right. */
const never: Work = (files, { request }) => {
  files.set('4.txt', `bad ${request.attempt.number}\n`);
};

/** Ends well without work, the first time. */
const late: Work = (files, { request }) => {
  if (request.continues !== undefined) files.set('5.txt', 'new\n');
};

/** Dies the first time that it is really started: an attempt that was fenced before it began had no agent. */
function crashesOnce(): Work {
  let starts = 0;
  return (files) => {
    starts += 1;
    if (starts === 1) return 1;
    files.set('6.txt', 'new\n');
    return 0;
  };
}

/** A run in which an attempt ends badly in every way, and another one follows. */
function makeWorld(): World {
  const ids = ['1', '2', '3', '4', '5', '6'];
  return new World({
    files: { 'shared.txt': 'old\n' },
    tasks: ids.map((id) => makeTask(id)),
    claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
    work: {
      '1': mends,
      '2': joins('two', 'three'),
      '3': joins('three', 'two'),
      '4': never,
      '5': late,
      '6': crashesOnce(),
    },
    options: { maxInstances: 6, retries: RETRIES },
    gate: fileGate((files) =>
      files.get('1.txt') === '5\n' ? 'expected 4' : files.get('4.txt')?.startsWith('bad') ? 'bad' : undefined,
    ),
  });
}

const EXPECTED = { '1': 'landed', '2': 'landed', '3': 'landed', '4': 'failed', '5': 'landed', '6': 'landed' };

/** Every attempt has had one agent, and everything of the task that failed is there. */
async function expectSameEnd(world: World, label: string, how = resumed): Promise<void> {
  const log = await world.journals.read(RUN_ID).catch(() => []);
  // Before the plan is on record there is nothing to resume: the user simply runs again.
  if (!log.some((event) => event.type === 'run-planned')) return;
  expect(outcomes(await how(world.coordinator())), label).toEqual(EXPECTED);
  expect(world.landed(), label).toEqual({
    '1.txt': '4\n',
    '5.txt': 'new\n',
    '6.txt': 'new\n',
    'shared.txt': 'two and three\n',
  });
  const starts = (ids: string) => world.launcher.started.filter((id) => ids.includes(id)).length;
  expect(['1', '4', '5', '6'].map(starts), label).toEqual([2, 2, 2, 2]);
  expect([2, 3], label).toContain(starts('23'));
  const left = await world.provider.list();
  expect(
    left.map(({ taskId }) => taskId),
    label,
  ).toEqual(['4']);
  expect(left[0] && world.provider.files(left[0]).get('4.txt'), label).toMatch(/^bad/);
}

const resumed = (coordinator: Coordinator) => coordinator.resume({ runId: RUN_ID });

describe('attempts that continue, killed at any append and resumed', { timeout: 1_200_000 }, () => {
  it('end as they would have, with no attempt made twice', async () => {
    const undisturbed = makeWorld();
    await undisturbed.start();
    await expectSameEnd(undisturbed, 'undisturbed');
    let kills = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = when === 'before' ? 3 : 4; ; at += STEP) {
        const world = makeWorld();
        if (!(await killAt(world, at, when))) break;
        kills += 1;
        await expectSameEnd(world, `killed ${when} append ${at}`);
      }
    }
    console.log(`attempts, kills at an append: ${kills} points, 0 failed`);
    expect(kills).toBeGreaterThan(250 / STEP);
  });

  it('end as they would have after a power failure', async () => {
    let failures = 0;
    for (const torn of ['nothing', 'half'] as const) {
      for (let sync = torn === 'nothing' ? 2 : 3; ; sync += STEP) {
        const world = makeWorld();
        if (!(await failPowerAt(world, sync, torn))) break;
        failures += 1;
        await expectSameEnd(world, `power failed at write ${sync}, with ${torn} of it kept`);
      }
    }
    console.log(`attempts, power failures: ${failures} points, 0 failed`);
    expect(failures).toBeGreaterThan(50 / STEP);
  });
});
