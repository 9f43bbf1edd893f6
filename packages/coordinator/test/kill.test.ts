import { MemoryMerger, makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import type { Coordinator } from '../src/index.js';
import { failPowerAt, killAt, Mortal } from './mortal.js';
import { deferred, fileGate, outcomes, RUN_ID, World, writes } from './world.js';

/** Every pair of kills, or a sample of them. */
const STEP = process.env.PWT_PROVE === '1' ? 1 : 5;

/** A run with every kind of ending: landed, failed, conflicted, unchanged, skipped, uncommitted work. */
function makeWorld(): World {
  const ids = ['1', '2', '3', '4', '5', '6'];
  return new World({
    files: { 'shared.txt': 'old\n' },
    tasks: ids.map((id) =>
      makeTask(id, id === '3' ? { dependsOn: ['1'] } : id === '5' ? { dependsOn: ['4'] } : {}),
    ),
    claims: ids.map((id) => makeClaims(id, id === '6' ? '1.txt' : `${id}.txt`)),
    work: {
      '1': writes('1.txt', 'one\n'),
      '2': () => 0,
      '3': writes('1.txt', 'three\n'),
      '4': () => 1,
      '6': writes('6.txt'),
    },
    options: { maxInstances: 2 },
    gate: fileGate((files) => (files.has('6.txt') ? 'red' : undefined)),
  });
}

describe('killed at any append, and resumed', () => {
  it('ends as it would have, with nothing done twice', async () => {
    const undisturbed = makeWorld();
    const expected = outcomes(await undisturbed.start());
    expect(expected).toEqual({
      '1': 'landed',
      '2': 'unchanged',
      '3': 'landed',
      '4': 'failed',
      '5': 'skipped',
      '6': 'failed',
    });
    const files = undisturbed.landed();
    let kills = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const world = makeWorld();
        if (!(await killAt(world, at, when))) break;
        kills += 1;
        const label = `killed ${when} append ${at}`;
        const log = await world.journals.read(RUN_ID).catch(() => []);
        // Before the plan is on record there is nothing to resume: the user simply runs again.
        if (!log.some((event) => event.type === 'run-planned')) continue;
        expect(outcomes(await world.coordinator().resume({ runId: RUN_ID })), label).toEqual(expected);
        expect(world.landed(), label).toEqual(files);
        expect([...world.launcher.started].sort(), label).toEqual(['1', '2', '3', '4', '6']);
        const left = (await world.provider.list()).map((workspace) => workspace.taskId).sort();
        expect(left, label).toEqual(['2', '4', '6']);
      }
    }
    console.log(`kills at an append: ${kills} points, 0 failed`);
    expect(kills).toBeGreaterThan(80);
  });
});

describe('a power failure that loses what was not synced', () => {
  it.each(['nothing', 'half'] as const)(
    '(%s of the last write is there) ends as it would have',
    async (torn) => {
      const undisturbed = makeWorld();
      const expected = outcomes(await undisturbed.start());
      const files = undisturbed.landed();
      let failures = 0;
      for (let sync = 1; ; sync += 1) {
        const world = makeWorld();
        if (!(await failPowerAt(world, sync, torn))) break;
        failures += 1;
        const label = `power failed at write ${sync}`;
        const log = await world.journals.read(RUN_ID).catch(() => []);
        if (!log.some((event) => event.type === 'run-planned')) continue;
        expect(outcomes(await world.coordinator().resume({ runId: RUN_ID })), label).toEqual(expected);
        expect(world.landed(), label).toEqual(files);
        expect([...world.launcher.started].sort(), label).toEqual(['1', '2', '3', '4', '6']);
      }
      console.log(`power failures, ${torn} of the last write there: ${failures} points, 0 failed`);
      expect(failures).toBeGreaterThan(30);
    },
  );
});

describe('killed, and killed again while resuming', () => {
  it('ends as it would have', { timeout: 300_000 }, async () => {
    const undisturbed = makeWorld();
    const expected = outcomes(await undisturbed.start());
    const files = undisturbed.landed();
    for (let first = 6; ; first += STEP) {
      for (let second = 1; ; second += STEP) {
        const world = makeWorld();
        if (!(await killAt(world, first, 'before'))) return;
        const label = `killed before append ${first} and after ${second} more`;
        const resume = (coordinator: Coordinator) => coordinator.resume({ runId: RUN_ID });
        const again = (await world.journals.read(RUN_ID)).some((event) => event.type === 'run-planned');
        if (!again || !(await killAt(world, second, 'after', resume))) break;
        expect(outcomes(await resume(world.coordinator())), label).toEqual(expected);
        expect(world.landed(), label).toEqual(files);
        expect([...world.launcher.started].sort(), label).toEqual(['1', '2', '3', '4', '6']);
      }
    }
  });
});

describe('killed between the move of the integration ref and its record', () => {
  it('sees the move before any other task is merged', async () => {
    const release = deferred();
    const collected = deferred();
    const world = new World({
      tasks: [makeTask('1'), makeTask('2')],
      claims: [makeClaims('1', '1.txt'), makeClaims('2', '2.txt')],
      work: {
        '1': async (files) => {
          await release.promise;
          files.set('1.txt', 'x');
          return 0;
        },
        '2': writes('2.txt'),
      },
      sinks: [
        {
          name: 'test',
          onEvent(event) {
            if (event.type === 'work-collected' && event.taskId === '1') collected.resolve();
          },
        },
      ],
    });
    const mortal = new Mortal();
    class DiesAfterAdvance extends MemoryMerger {
      override async advance(request: Parameters<MemoryMerger['advance']>[0]) {
        await super.advance(request);
        release.resolve();
        await collected.promise;
        return mortal.die();
      }
    }
    const merger = mortal.wrap(new DiesAfterAdvance(world.repository));
    void world.start(world.coordinator({ merger }));
    await mortal.died;
    const log = await world.journals.read(RUN_ID);
    expect(log.filter((event) => event.type === 'integrated')).toEqual([]);
    const summary = await world.coordinator().resume({ runId: RUN_ID });
    expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(world.launcher.started).toHaveLength(2);
  });
});
