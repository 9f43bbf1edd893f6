import { type LaunchRequest, reduceRun, type TaskState } from '@pwt/core';
import { makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import type { TaskMarker } from '../src/run/coordinator-parts.js';
import { doneIn, LIST, list, listed, ticker } from './marks.js';
import {
  expectLandedIsTested,
  fileGate,
  needsNoChange,
  outcomes,
  RUN_ID,
  type Work,
  World,
  type WorldOptions,
  writes,
} from './world.js';

const WHY = 'the linter has nothing to say';
const RETRIES = { 'no-change': 1 } as const;

/** Tasks in a chain: each needs the one before it. */
function chain(work: Readonly<Record<string, Work>>, more: Partial<WorldOptions> = {}): World {
  const ids = Object.keys(work);
  return new World({
    tasks: ids.map((id, at) => makeTask(id, { dependsOn: ids.slice(Math.max(0, at - 1), at) })),
    claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
    work,
    ...more,
    options: { maxInstances: 2, retries: RETRIES, ...more.options },
  });
}

const logOf = (world: World) => world.journals.read(RUN_ID);
const stateOf = async (world: World) => reduceRun(await logOf(world), RUN_ID);
const taskOf = async (world: World, id: string) => (await stateOf(world)).tasks.get(id) as TaskState;
const tipOf = (world: World) => world.repository.refs.get('refs/heads/main');
const gates = {
  'without a gate': {},
  'with a gate': { gate: fileGate(() => undefined) },
} satisfies Record<string, Partial<WorldOptions>>;

describe.each(Object.entries(gates))('a task that needs no change, %s', (_name, gate) => {
  it('is done, lands with the rest, and its dependents go on', async () => {
    const world = chain({ '1': writes('1.txt'), '2': needsNoChange(WHY), '3': writes('3.txt') }, gate);
    const summary = await world.start();
    expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed', '3': 'landed' });
    expect(summary.success).toBe(true);
    expect(summary.tasks[1]).toMatchObject({ noChange: WHY });
    expect(summary.tasks[0]).not.toHaveProperty('noChange');
    expect(Object.keys(world.landed()).sort()).toEqual(['1.txt', '3.txt', 'README.md']);
    expect(await world.provider.list()).toEqual([]);
    await expectNoCommit(world, '2');
  });

  it('lands where nothing else does, and moves nothing', async () => {
    const world = chain({ '1': needsNoChange(WHY), '2': needsNoChange('still') }, gate);
    const summary = await world.start();
    expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(tipOf(world)).toBe(world.base);
    expect(await world.provider.list()).toEqual([]);
    const gated = (await logOf(world)).filter(
      (event) => event.type === 'gate-started' && event.taskIds.length > 0,
    );
    expect(gated).toEqual([]);
  });

  it('may be a check whose agent only ends well', async () => {
    const world = chain({ '1': () => 0, '2': writes('2.txt') }, { ...gate, ...checks('1') });
    const summary = await world.start();
    expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(summary.tasks[0]?.noChange).toContain('only checks something');
    expect(world.launcher.started).toEqual(['1', '2']);
  });

  it('is a failure where a check ends with an error, or an agent says nothing', async () => {
    const checked = chain({ '1': () => 1, '2': writes('2.txt') }, { ...gate, ...checks('1') });
    expect(outcomes(await checked.start())).toEqual({ '1': 'failed', '2': 'skipped' });
    const silent = chain({ '1': () => 0, '2': writes('2.txt') }, gate);
    expect(outcomes(await silent.start())).toEqual({ '1': 'unchanged', '2': 'skipped' });
    expect(silent.launcher.started).toEqual(['1', '1']);
  });

  it('lands what was changed all the same, and keeps the statement as a note', async () => {
    const work: Work = (files) => {
      files.set('1.txt', 'new');
      return { noChange: WHY };
    };
    const world = chain({ '1': work }, gate);
    const [task] = (await world.start()).tasks;
    expect(task).toMatchObject({ status: 'landed', note: WHY });
    expect(task).not.toHaveProperty('noChange');
    expect(world.landed()).toHaveProperty(['1.txt']);
  });

  it('is done where another task has made the same change already', async () => {
    const work: Work = (files) => {
      files.set('same.txt', 'same');
      return { noChange: 'it is there' };
    };
    const world = new World({
      tasks: [makeTask('1'), makeTask('2')],
      claims: [makeClaims('1', '1.txt'), makeClaims('2', '2.txt')],
      work: { '1': work, '2': work },
      options: { maxInstances: 2, strategy: 'squash' },
      ...gate,
    });
    const summary = await world.start();
    expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(summary.tasks.flatMap(({ noChange }) => noChange ?? [])).toEqual(['it is there']);
  });

  it('lands later where landing is off', async () => {
    const world = chain({ '1': needsNoChange(WHY) }, { ...gate, options: { autoMerge: false } });
    const first = await world.start();
    expect([outcomes(first), first.success]).toEqual([{ '1': 'integrated' }, true]);
    expect(outcomes(await world.coordinator().land({ runId: RUN_ID }))).toEqual({ '1': 'landed' });
    expect(tipOf(world)).toBe(world.base);
  });
});

describe.each(Object.entries(gates))(
  'a task that needs no change, in a run that marks what is done, %s',
  (_name, gate) => {
    const marking = (work: Readonly<Record<string, Work>>) => {
      const ids = Object.keys(work);
      return chain(work, {
        ...gate,
        files: { [LIST]: list(ids) },
        tasks: ids.map((id, at) => listed(id, { dependsOn: ids.slice(Math.max(0, at - 1), at) })),
        marker: ticker,
        options: { markDone: true },
      });
    };

    it('is marked in a commit of its own, that has nothing else', async () => {
      const world = marking({ '1': needsNoChange(WHY), '2': writes('2.txt'), '3': needsNoChange('done') });
      const summary = await world.start();
      expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed', '3': 'landed' });
      expect(summary.tasks.map(({ noChange }) => noChange)).toEqual([WHY, undefined, 'done']);
      expect(world.landed()).toEqual({ [LIST]: list(['1', '2', '3'], ['1', '2', '3']), '2.txt': 'new\n' });
      const joined = (await logOf(world)).flatMap((event) => (event.type === 'integrated' ? [event] : []));
      expect(joined.every(({ from, commit }) => from !== commit)).toBe(true);
      expect(await world.provider.list()).toEqual([]);
      if ('gate' in gate) await expectLandedIsTested(world);
    });

    it('needs no commit where it is marked already', async () => {
      const world = marking({ '1': needsNoChange(WHY) });
      const silent: TaskMarker = { name: 'list', markDone: async () => [] };
      const summary = await world.start(world.coordinator({ marker: silent }));
      expect(outcomes(summary)).toEqual({ '1': 'landed' });
      expect(summary.tasks[0]).toMatchObject({ noChange: WHY });
      await expectNoCommit(world, '1');
    });

    it('is not marked where its agent changes nothing and says nothing', async () => {
      const world = marking({ '1': () => 0 });
      expect(outcomes(await world.start())).toEqual({ '1': 'unchanged' });
      expect(doneIn(world.landed()[LIST])).toEqual([]);
    });
  },
);

describe('a second attempt', () => {
  it('is told how to state that nothing has to be changed', async () => {
    const seen: LaunchRequest[] = [];
    const world = chain({
      '1': (_files, { request }) => {
        seen.push(request);
        return seen.length === 1 ? 0 : { noChange: WHY };
      },
    });
    expect(outcomes(await world.start())).toEqual({ '1': 'landed' });
    expect(seen[1]?.continues?.feedback).toContain('state');
    expect(seen[1]?.continues?.feedback).toContain('no change');
  });
});

describe('a person who reviews', () => {
  const reviewed = { options: { maxInstances: 1, review: true }, gate: fileGate(() => undefined) };
  const land = (world: World, ...taskIds: string[]) => world.coordinator().land({ runId: RUN_ID, taskIds });

  it('may land a task without a change, alone and with what it needs', async () => {
    const alone = chain({ '1': needsNoChange(WHY), '2': writes('2.txt') }, reviewed);
    expect(outcomes(await alone.start())).toEqual({ '1': 'ready', '2': 'ready' });
    expect(outcomes(await land(alone, '1'))).toEqual({ '1': 'landed', '2': 'ready' });
    expect(tipOf(alone)).toBe(alone.base);
    expect(outcomes(await land(alone, '2'))).toEqual({ '1': 'landed', '2': 'landed' });
    await expectLandedIsTested(alone);

    const work = { '1': writes('1.txt'), '2': needsNoChange(WHY), '3': writes('3.txt') };
    const among = chain(work, reviewed);
    await among.start();
    expect(outcomes(await land(among, '2'))).toEqual({ '1': 'landed', '2': 'landed', '3': 'ready' });
    expect((await logOf(among)).some(({ type }) => type === 'integration-restarted')).toBe(false);
    expect(outcomes(await land(among, '3'))).toEqual({ '1': 'landed', '2': 'landed', '3': 'landed' });
    expect(Object.keys(among.landed()).sort()).toEqual(['1.txt', '3.txt', 'README.md']);
  });

  it('may land what comes after it out of the middle', async () => {
    const world = new World({
      tasks: ['1', '2', '3'].map((id) => makeTask(id)),
      claims: ['1', '2', '3'].map((id) => makeClaims(id, `${id}.txt`)),
      work: { '1': writes('1.txt'), '2': needsNoChange(WHY), '3': writes('3.txt') },
      ...reviewed,
    });
    await world.start();
    expect(outcomes(await land(world, '2', '3'))).toEqual({ '1': 'ready', '2': 'landed', '3': 'landed' });
    expect(Object.keys(world.landed()).sort()).toEqual(['3.txt', 'README.md']);
    expect((await taskOf(world, '2')).workspaceGone).toBe(true);
    expect(outcomes(await land(world, '1'))).toEqual({ '1': 'landed', '2': 'landed', '3': 'landed' });
  });

  it('may send it back to its agent, which then changes something', async () => {
    const again: Work = (files, { request }) => {
      if (request.continues === undefined) return { noChange: WHY };
      files.set('1.txt', 'new');
      return 0;
    };
    const world = chain({ '1': again, '2': writes('2.txt') }, reviewed);
    await world.start();
    const sentBack = [{ taskId: '1', reason: 'the linter does complain' }];
    const summary = await world.coordinator().resume({ runId: RUN_ID, sentBack });
    expect(outcomes(summary)).toEqual({ '1': 'ready', '2': 'ready' });
    expect(summary.tasks[0]).not.toHaveProperty('noChange');
    const landed = await world.coordinator().land({ runId: RUN_ID });
    expect(outcomes(landed)).toEqual({ '1': 'landed', '2': 'landed' });
    expect(Object.keys(world.landed()).sort()).toEqual(['1.txt', '2.txt', 'README.md']);
  });
});

function checks(...ids: readonly string[]): Pick<WorldOptions, 'tasks'> {
  return {
    tasks: [
      makeTask('1', ids.includes('1') ? { verification: true } : {}),
      makeTask('2', { dependsOn: ['1'] }),
    ],
  };
}

async function expectNoCommit(world: World, id: string): Promise<void> {
  const found = (await logOf(world)).find((event) => event.type === 'integrated' && event.taskId === id);
  expect(found?.type === 'integrated' && found.from).toBe(found?.type === 'integrated' && found.commit);
}
