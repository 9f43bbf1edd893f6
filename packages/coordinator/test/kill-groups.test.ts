import { makeClaims, makeTask, ScriptedGate } from '@pwt/testkit';
import { expect, it } from 'vitest';
import type { Coordinator } from '../src/index.js';
import { killAt } from './mortal.js';
import { expectLandedIsTested, outcomes, RUN_ID, World, writes } from './world.js';

/** Every kill, or a sample of them. */
const STEP = process.env.PWT_PROVE === '1' ? 1 : 11;

const IDS = ['1', '2', '3', '4', '5', '6'];

/** Six tasks at a time: one is at fault, and every third new state is red at first and green from then on. */
function makeWorld(): World {
  const seen = new Set<string>();
  return new World({
    tasks: IDS.map((id) => makeTask(id, id === '6' ? { dependsOn: ['2'] } : {})),
    claims: IDS.map((id) => makeClaims(id, `${id}.txt`)),
    work: Object.fromEntries(IDS.map((id) => [id, writes(`${id}.txt`)])),
    options: { maxInstances: 5, gateSlots: 2 },
    gate: ({ repository }) =>
      new ScriptedGate(({ commit, subject }) => {
        const { files } = repository.read(commit);
        const state = [...files.keys()].sort().join();
        const isFlaky = subject.kind === 'tasks' && !seen.has(state) && seen.size % 3 === 1;
        seen.add(state);
        return isFlaky || files.has('4.txt')
          ? { status: 'red', exitCode: 1, durationMs: 1, summary: 'red' }
          : { status: 'green', durationMs: 1 };
      }),
  });
}

const resume = (coordinator: Coordinator) => coordinator.resume({ runId: RUN_ID });

async function expectAsUndisturbed(world: World, label: string): Promise<void> {
  const { tasks, ...summary } = await resume(world.coordinator());
  expect(outcomes({ tasks, ...summary }), label).toEqual({
    ...Object.fromEntries(IDS.map((id) => [id, 'landed'])),
    4: 'failed',
  });
  expect(tasks[3]?.failure, label).toMatchObject({ kind: 'gate-red', message: 'red' });
  expect(Object.keys(world.landed()).sort(), label).toEqual(
    ['1.txt', '2.txt', '3.txt', '5.txt', '6.txt', 'README.md'].sort(),
  );
  expect([...world.launcher.started].sort(), label).toEqual(IDS);
  await expectLandedIsTested(world);
  const log = await world.journals.read(RUN_ID);
  const integrated = log.flatMap((event) => (event.type === 'integrated' ? [event.taskId] : []));
  expect(integrated.sort(), label).toEqual(IDS.filter((id) => id !== '4'));
}

it('ends as it would have, wherever a run with groups, a culprit and flakes is killed', async () => {
  let kills = 0;
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; ; at += STEP) {
      const world = makeWorld();
      if (!(await killAt(world, at, when))) break;
      const log = await world.journals.read(RUN_ID).catch(() => []);
      if (!log.some((event) => event.type === 'run-planned')) continue;
      kills += 1;
      await expectAsUndisturbed(world, `killed ${when} append ${at}`);
    }
  }
  console.log(`kills in a run with groups: ${kills} points, 0 failed`);
  expect(kills).toBeGreaterThan(150 / STEP);
});

it('ends as it would have when it is killed again while it is resumed', async () => {
  for (let first = 20; ; first += STEP) {
    for (let second = 1; ; second += 5 * STEP) {
      const world = makeWorld();
      if (!(await killAt(world, first, 'before'))) return;
      if (!(await killAt(world, second, 'after', resume))) break;
      await expectAsUndisturbed(world, `killed before append ${first} and after ${second} more`);
    }
  }
});
