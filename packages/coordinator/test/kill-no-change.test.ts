import { makeClaims, makeTask } from '@pwt/testkit';
import { expect, it } from 'vitest';
import type { Coordinator } from '../src/index.js';
import { doneIn, LIST, list, listed, ticker } from './marks.js';
import { killAt } from './mortal.js';
import {
  expectLandedIsTested,
  fileGate,
  needsNoChange,
  outcomes,
  RUN_ID,
  World,
  type WorldOptions,
  writes,
} from './world.js';

/** Every pair of kills, or a sample of them. */
const STEP = process.env.PWT_PROVE === '1' ? 1 : 7;

const IDS = ['1', '2', '3', '4', '5'];

/** Work, and tasks that need none: stated, as a check, and last of all. */
function makeWorld(more: Partial<WorldOptions>): World {
  return new World({
    tasks: [
      makeTask('1'),
      makeTask('2', { dependsOn: ['1'] }),
      makeTask('3', { dependsOn: ['2'] }),
      makeTask('4', { verification: true }),
      makeTask('5', { dependsOn: ['3'] }),
    ],
    claims: IDS.map((id) => makeClaims(id, `${id}.txt`)),
    work: {
      '1': writes('1.txt'),
      '2': needsNoChange('all is well'),
      '3': writes('3.txt'),
      '4': () => 0,
      '5': needsNoChange('nothing is left'),
    },
    options: { maxInstances: 2 },
    ...more,
  });
}

const resume = (coordinator: Coordinator) => coordinator.resume({ runId: RUN_ID });

async function expectAsUndisturbed(world: World, label: string): Promise<void> {
  const summary = await resume(world.coordinator());
  expect(outcomes(summary), label).toEqual(Object.fromEntries(IDS.map((id) => [id, 'landed'])));
  const why = summary.tasks.map(({ noChange }) => noChange);
  expect(why, label).toEqual([
    undefined,
    'all is well',
    undefined,
    'it only checks something, and its agent ended well',
    'nothing is left',
  ]);
  expect(Object.keys(world.landed()).sort(), label).toEqual(['1.txt', '3.txt', 'README.md']);
  expect([...world.launcher.started].sort(), label).toEqual(IDS);
  expect(await world.provider.list(), label).toEqual([]);
  const log = await world.journals.read(RUN_ID);
  const integrated = log.flatMap((event) => (event.type === 'integrated' ? [event.taskId] : []));
  expect(integrated.sort(), label).toEqual(IDS);
}

it.each([
  ['without a gate', {}],
  ['with a gate', { gate: fileGate(() => undefined) }],
] satisfies [string, Partial<WorldOptions>][])(
  'ends as it would have, wherever it is killed: %s',
  async (_name, more) => {
    let kills = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const world = makeWorld(more);
        if (!(await killAt(world, at, when))) break;
        const log = await world.journals.read(RUN_ID).catch(() => []);
        if (!log.some((event) => event.type === 'run-planned')) continue;
        kills += 1;
        await expectAsUndisturbed(world, `killed ${when} append ${at}`);
        if ('gate' in more) await expectLandedIsTested(world);
      }
    }
    expect(kills).toBeGreaterThan(60);
  },
);

it('ends as it would have when it is killed again while it is resumed', { timeout: 300_000 }, async () => {
  for (let first = 6; ; first += STEP) {
    for (let second = 1; ; second += STEP) {
      const world = makeWorld({});
      if (!(await killAt(world, first, 'before'))) return;
      const again = (await world.journals.read(RUN_ID)).some((event) => event.type === 'run-planned');
      if (!again || !(await killAt(world, second, 'after', resume))) break;
      await expectAsUndisturbed(world, `killed before append ${first} and after ${second} more`);
    }
  }
});

it.each(['merge', 'squash'] as const)(
  'ends as it would have where what is done is marked: %s',
  async (strategy) => {
    const needs: Readonly<Record<string, readonly string[]>> = { '2': ['1'], '3': ['2'], '5': ['3'] };
    const make = () =>
      makeWorld({
        files: { [LIST]: list(IDS) },
        tasks: IDS.map((id) =>
          listed(id, { dependsOn: needs[id] ?? [], ...(id === '4' && { verification: true }) }),
        ),
        // One has no place for a mark, and so no commit of its own.
        marker: {
          ...ticker,
          markDone: async (request) => (request.task.id === '2' ? [] : ticker.markDone(request)),
        },
        gate: fileGate(() => undefined),
        options: { maxInstances: 2, markDone: true, strategy },
      });
    let kills = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += STEP) {
        const world = make();
        if (!(await killAt(world, at, when))) break;
        const log = await world.journals.read(RUN_ID).catch(() => []);
        if (!log.some((event) => event.type === 'run-planned')) continue;
        kills += 1;
        const label = `killed ${when} append ${at}`;
        const summary = await resume(world.coordinator());
        expect(outcomes(summary), label).toEqual(Object.fromEntries(IDS.map((id) => [id, 'landed'])));
        expect(doneIn(world.landed()[LIST]), label).toEqual(['1', '3', '4', '5']);
        expect([...world.launcher.started].sort(), label).toEqual(IDS);
        const all = await world.journals.read(RUN_ID);
        const joined = all.flatMap((event) => (event.type === 'integrated' ? [event] : []));
        expect(joined.map(({ taskId }) => taskId).sort(), label).toEqual(IDS);
        expect(
          joined.filter(({ from, commit }) => from === commit).map(({ taskId }) => taskId),
          label,
        ).toEqual(['2']);
        expect(await world.provider.list(), label).toEqual([]);
        await expectLandedIsTested(world);
      }
    }
    expect(kills).toBeGreaterThan(60 / STEP);
  },
);
