import type { MergeStrategy, RunSummary } from '@pwt/core';
import { makeClaims } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import type { TaskMarker } from '../src/run/coordinator-parts.js';
import { doneIn, LIST, list, listed, tick, ticker } from './marks.js';
import { killAt } from './mortal.js';
import {
  expectLandedIsTested,
  fileGate,
  outcomes,
  RUN_ID,
  type Work,
  World,
  type WorldOptions,
  writes,
} from './world.js';

/** Every kill, or a sample of them. */
const STEP = process.env.PWT_PROVE === '1' ? 1 : 9;

const idsUpTo = (count: number) => Array.from({ length: count }, (_, at) => `${at + 1}`);

/** Tasks that share a list, in which they are marked; each writes a file of its own. */
function makeWorld(count: number, more: Partial<WorldOptions> = {}): World {
  const ids = idsUpTo(count);
  return new World({
    files: { 'README.md': 'hello\n', [LIST]: list(ids) },
    tasks: ids.map((id) => listed(id)),
    claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
    work: Object.fromEntries(ids.map((id) => [id, writes(`${id}.txt`)])),
    marker: ticker,
    ...more,
    options: { maxInstances: count, markDone: true, ...more.options },
  });
}

function landedIds(summary: RunSummary): string[] {
  return summary.tasks.flatMap(({ taskId, status }) => (status === 'landed' ? [taskId] : []));
}

/** Each task is marked in the very commit that has joined its work, and nowhere else. */
async function expectMarkedWhereJoined(world: World): Promise<void> {
  for (const event of await world.journals.read(RUN_ID)) {
    if (event.type !== 'integrated') continue;
    const marksIn = (commit: string) => doneIn(world.repository.read(commit).files.get(LIST));
    const before = marksIn(event.from);
    const added = marksIn(event.commit).filter((id) => !before.includes(id));
    expect(added, event.taskId).toContain(event.taskId);
    expect(world.repository.read(event.commit).parents[0]).toBe(event.from);
  }
}

const warnings = async (world: World) =>
  (await world.journals.read(RUN_ID)).flatMap((event) =>
    event.type === 'warning' ? [event.diagnostic] : [],
  );

describe('tasks that share a list', () => {
  it.each(['merge', 'squash', 'rebase'] satisfies MergeStrategy[])(
    '%s: 40 that end together are marked as they land, and those that the gate rejects are not',
    async (strategy) => {
      const world = makeWorld(40, {
        options: { strategy },
        gate: fileGate((files) => ['7', '20', '33'].find((id) => files.has(`${id}.txt`))),
      });
      const summary = await world.start();
      const done = idsUpTo(40).filter((id) => !['7', '20', '33'].includes(id));
      expect(landedIds(summary)).toEqual(done);
      expect(world.landed()[LIST]).toBe(list(idsUpTo(40), done));
      await expectLandedIsTested(world);
      await expectMarkedWhereJoined(world);
      expect(await warnings(world)).toEqual([]);
    },
  );

  it.each([true, false])(
    'agents may tick their own boxes (markDone %s): no conflict, no second mark',
    async (markDone) => {
      const ids = idsUpTo(12);
      const ticks =
        (id: string): Work =>
        (files) => {
          files.set(`${id}.txt`, 'new\n');
          files.set(LIST, tick(files.get(LIST) ?? '', id));
          return 0;
        };
      const world = makeWorld(12, {
        work: Object.fromEntries(ids.map((id, at) => [id, at % 3 === 0 ? writes(`${id}.txt`) : ticks(id)])),
        options: { markDone, audit: 'strict' },
        gate: fileGate(() => undefined),
      });
      const summary = await world.start();
      expect(landedIds(summary)).toEqual(ids);
      expect(await warnings(world)).toEqual([]);
      expect(doneIn(world.landed()[LIST])).toEqual(markDone ? ids : ids.filter((_, at) => at % 3 !== 0));
    },
  );

  it('a dependent starts from the marks of what it needs', async () => {
    let seen: string | undefined;
    const world = makeWorld(2, {
      tasks: [listed('1'), listed('2', { dependsOn: ['1'] })],
      work: {
        '1': writes('1.txt'),
        '2': (files) => {
          seen = files.get(LIST);
          return writes('2.txt')(files);
        },
      },
    });
    expect(landedIds(await world.start())).toEqual(['1', '2']);
    expect(doneIn(seen)).toEqual(['1']);
    expect(doneIn(world.landed()[LIST])).toEqual(['1', '2']);
  });

  it('a commit of the user to the list is joined with the marks', async () => {
    const world: World = makeWorld(3, {
      work: {
        '1': writes('1.txt'),
        '2': (files) => {
          // The user ticks 3 off and names 1 anew, on the target.
          const tip = world.repository.refs.get('refs/heads/main') ?? '';
          const { files: there } = world.repository.read(tip);
          const text = tick(there.get(LIST) ?? '', '3');
          const moved = world.repository.commit(new Map([...there, [LIST, text]]), [tip]);
          world.repository.refs.set('refs/heads/main', moved);
          return writes('2.txt')(files);
        },
        '3': () => 1,
      },
      options: { maxInstances: 1 },
    });
    expect(landedIds(await world.start())).toEqual(['1', '2']);
    expect(world.landed()[LIST]).toBe(list(['1', '2', '3'], ['1', '2', '3']));
  });

  it('a run without the option marks nothing', async () => {
    const world = makeWorld(3, { options: { markDone: false } });
    expect(landedIds(await world.start())).toEqual(['1', '2', '3']);
    expect(doneIn(world.landed()[LIST])).toEqual([]);
  });

  it('a task that changed nothing is not marked', async () => {
    const world = makeWorld(2, { work: { '1': writes('1.txt'), '2': () => 0 } });
    expect(outcomes(await world.start())).toEqual({ '1': 'landed', '2': 'unchanged' });
    expect(doneIn(world.landed()[LIST])).toEqual(['1']);
  });

  it('one whose work is there already ends as without marks', async () => {
    const same = { '1': writes('same.txt'), '2': writes('same.txt') };
    const ends = async (markDone: boolean) => {
      const world = makeWorld(2, { work: same, options: { strategy: 'squash', markDone, maxInstances: 2 } });
      return { ...outcomes(await world.start()), done: doneIn(world.landed()[LIST]) };
    };
    expect(await ends(true)).toEqual({ ...(await ends(false)), done: ['1'] });
  });
});

describe('killed at any append, and resumed, with marks', () => {
  it('ends as it would have, with each task marked once', async () => {
    const make = () => makeWorld(5, { gate: fileGate((files) => (files.has('4.txt') ? 'red' : undefined)) });
    const undisturbed = make();
    const expected = outcomes(await undisturbed.start());
    expect(expected).toEqual({ '1': 'landed', '2': 'landed', '3': 'landed', '4': 'failed', '5': 'landed' });
    const files = undisturbed.landed();
    expect(doneIn(files[LIST])).toEqual(['1', '2', '3', '5']);
    let kills = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = when === 'before' ? 1 : 5; ; at += STEP) {
        const world = make();
        if (!(await killAt(world, at, when))) break;
        kills += 1;
        const label = `killed ${when} append ${at}`;
        const log = await world.journals.read(RUN_ID).catch(() => []);
        if (!log.some((event) => event.type === 'run-planned')) continue;
        expect(outcomes(await world.coordinator().resume({ runId: RUN_ID })), label).toEqual(expected);
        expect(world.landed(), label).toEqual(files);
        await expectLandedIsTested(world);
        await expectMarkedWhereJoined(world);
      }
    }
    expect(kills).toBeGreaterThan(STEP === 1 ? 80 : 8);
  });
});

describe('what a person decides, with marks', () => {
  const land = (world: World, ...taskIds: string[]) =>
    world.coordinator().land({ runId: RUN_ID, ...(taskIds.length > 0 && { taskIds }) });

  it.each(['merge', 'squash', 'rebase'] satisfies MergeStrategy[])(
    '%s: what is chosen lands with its own marks; what is left is marked when it lands',
    async (strategy) => {
      const world = makeWorld(4, {
        options: { review: true, strategy, maxInstances: 1 },
        gate: fileGate(() => undefined),
      });
      await world.start();
      expect(doneIn(world.landed()[LIST])).toEqual([]);
      await land(world, '3');
      expect(world.landed()[LIST]).toBe(list(idsUpTo(4), ['3']));
      await land(world);
      expect(world.landed()[LIST]).toBe(list(idsUpTo(4), idsUpTo(4)));
      await expectLandedIsTested(world);
    },
  );

  it('what is sent back loses its mark, and gets it again', async () => {
    const world = makeWorld(3, {
      options: { review: true, maxInstances: 1 },
      work: {
        '1': (files) => writes('1.txt', files.has('1.txt') ? 'better\n' : 'new\n')(files),
        '2': writes('2.txt'),
        '3': writes('3.txt'),
      },
    });
    await world.start();
    await world.coordinator().resume({ runId: RUN_ID, sentBack: [{ taskId: '1', reason: 'do it better' }] });
    await land(world, '2');
    expect(doneIn(world.landed()[LIST])).toEqual(['2']);
    await land(world);
    expect(world.landed()).toMatchObject({ '1.txt': 'better\n', [LIST]: list(idsUpTo(3), idsUpTo(3)) });
  });

  it('work that is put onto a rewritten target is marked there', async () => {
    const world: World = makeWorld(3, {
      options: { maxInstances: 1 },
      gate: fileGate(() => undefined),
      work: {
        '1': (files) => {
          world.repository.refs.set(
            'refs/heads/main',
            world.repository.commit({ [LIST]: list(idsUpTo(3)), 'new.txt': 'n' }),
          );
          return writes('1.txt')(files);
        },
        '2': writes('2.txt'),
        '3': () => 1,
      },
    });
    await world.start();
    const summary = await world.coordinator().land({ runId: RUN_ID, ontoRewritten: true });
    expect(landedIds(summary)).toEqual(['1', '2']);
    expect(world.landed()).toEqual({
      '1.txt': 'new\n',
      '2.txt': 'new\n',
      'new.txt': 'n',
      [LIST]: list(idsUpTo(3), ['1', '2']),
    });
    await expectLandedIsTested(world);
  });
});

describe('a mark that can not be made', () => {
  const answering = (markDone: TaskMarker['markDone']): TaskMarker => ({ name: 'the plugin x', markDone });

  it.each([
    ['throws', async () => Promise.reject(new Error('it is broken')), /it is broken/],
    ['gives no list', async () => ({ path: LIST, text: '' }) as never, /must return a list of files/],
    ['gives no text', async () => [{ path: LIST, text: 7 }] as never, /must return a list of files/],
    ['gives what is no file', async () => [null] as never, /must return a list of files/],
    ['leads out', async () => [{ path: 'a/../../b', text: '' }], /outside of the repository/],
    [
      'leads into a git directory',
      async () => [{ path: 'a/.git/config', text: '' }],
      /outside of the repository/,
    ],
  ] satisfies [string, TaskMarker['markDone'], RegExp][])(
    '%s: the work lands, and that is said once',
    async (_, markDone, said) => {
      const world = makeWorld(2, { marker: answering(markDone), gate: fileGate(() => undefined) });
      expect(landedIds(await world.start())).toEqual(['1', '2']);
      const found = await warnings(world);
      expect(found.map(({ code, taskIds }) => [code, taskIds])).toEqual([
        ['PWT_MARK_FAILED', ['1']],
        ['PWT_MARK_FAILED', ['2']],
      ]);
      expect(found[0]?.message).toMatch(said);
      expect(doneIn(world.landed()[LIST])).toEqual([]);
    },
  );

  it('in a list that is in no commit: said once for all', async () => {
    const world = makeWorld(5, { files: { 'README.md': 'hello\n' } });
    expect(landedIds(await world.start())).toEqual(idsUpTo(5));
    expect((await warnings(world)).map(({ code }) => code)).toEqual(['PWT_MARK_NOT_COMMITTED']);
    expect(world.landed()[LIST]).toBeUndefined();
  });

  it('for a task whose format has no place for one: nothing is said', async () => {
    const world = makeWorld(2, { marker: answering(async () => undefined) });
    expect(landedIds(await world.start())).toEqual(['1', '2']);
    expect(await warnings(world)).toEqual([]);
  });
});
