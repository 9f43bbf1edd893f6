import type { MergeStrategy, RunSummary } from '@pwt/core';
import { reduceRun } from '@pwt/core';
import { makeClaims, makeTask, ScriptedGate } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { killAt } from './mortal.js';
import { expectLandedIsTested, outcomes, RUN_ID, World, type WorldOptions, writes } from './world.js';

/** Every kill, or a sample of them. */
const STEP = process.env.PWT_PROVE === '1' ? 1 : 7;

const IDS = ['1', '2', '3', '4', '5'];

/**
 * Five tasks, one after the other: 2 needs 1, and 5 builds on a file of 3 although its spec does not say so. The gate wants
 * `5.txt` only together with `3.txt`.
 */
function makeWorld(more: Partial<WorldOptions> = {}): World {
  return new World({
    files: { 'README.md': 'hello\n', 'shared.txt': 'old\n' },
    tasks: IDS.map((id) => makeTask(id, id === '2' ? { dependsOn: ['1'] } : {})),
    claims: IDS.map((id) => makeClaims(id, `${id}.txt`, 'shared.txt')),
    work: {
      // Its agent is told to do it better the second time.
      '1': (files) => {
        files.set('1.txt', files.has('1.txt') ? 'better\n' : 'new\n');
        return 0;
      },
      '2': writes('2.txt'),
      '3': writes('3.txt'),
      '4': writes('shared.txt', 'four\n'),
      '5': (files) => {
        files.set('5.txt', 'new\n');
        files.set('shared.txt', `${files.get('shared.txt')}five\n`);
        return 0;
      },
    },
    options: { maxInstances: 1, review: true },
    gate: ({ repository }) =>
      new ScriptedGate(({ commit }) => {
        const { files } = repository.read(commit);
        return files.has('5.txt') && !files.has('3.txt')
          ? { status: 'red', exitCode: 1, durationMs: 1, summary: '5 wants 3' }
          : { status: 'green', durationMs: 1 };
      }),
    ...more,
  });
}

const land = (world: World, ...taskIds: string[]): Promise<RunSummary> =>
  world.coordinator().land({ runId: RUN_ID, taskIds });

const reject = (world: World, taskId: string): Promise<RunSummary> =>
  world.coordinator().resume({ runId: RUN_ID, sentBack: [{ taskId, reason: 'do it better' }] });

/** What landed was tested as that commit, and is on the target for good. */
async function expectSound(world: World): Promise<void> {
  await expectLandedIsTested(world);
  for (const event of await world.journals.read(RUN_ID))
    if (event.type === 'landed') expect(world.repository.contains(event.to, tipOf(world))).toBe(true);
}

const stateOf = async (world: World) => reduceRun(await world.journals.read(RUN_ID), RUN_ID);
const ready = (...ids: readonly string[]) => Object.fromEntries(ids.map((id) => [id, 'ready']));
const tipOf = (world: World) => world.repository.refs.get('refs/heads/main') ?? '';

describe('a run whose work a person reviews', () => {
  it('keeps what is tested as ready, and moves the target by itself in no way', async () => {
    const world = makeWorld();
    const summary = await world.start();
    expect(outcomes(summary)).toEqual(ready(...IDS));
    expect([summary.success, summary.totals.ready]).toEqual([true, 5]);
    expect(outcomes(await world.coordinator().resume({ runId: RUN_ID }))).toEqual(ready(...IDS));
    expect(tipOf(world)).toBe(world.base);
  });

  it('lands the first of them as they were tested, and all of them if none is named', async () => {
    const world = makeWorld();
    await world.start();
    const order = (await stateOf(world)).tasks;
    const first = order.get('1')?.integratedAs;
    expect(outcomes(await land(world, '1'))).toEqual({ ...ready('2', '3', '4', '5'), '1': 'landed' });
    expect(tipOf(world)).toBe(first);
    const log = await world.journals.read(RUN_ID);
    expect(log.some(({ type }) => type === 'integration-restarted')).toBe(false);
    const summary = await world.coordinator().land({ runId: RUN_ID });
    expect(Object.values(outcomes(summary))).toEqual(IDS.map(() => 'landed'));
    await expectSound(world);
  });

  for (const strategy of ['merge', 'squash', 'rebase'] satisfies MergeStrategy[]) {
    it(`lands a choice out of their middle with what it needs, tested as that commit: ${strategy}`, async () => {
      const world = makeWorld({ options: { maxInstances: 1, review: true, strategy } });
      await world.start();
      const before = world.launcher.started.length;
      const summary = await land(world, '2', '4');
      expect(outcomes(summary)).toEqual({
        ...ready('3', '5'),
        ...{ '1': 'landed', '2': 'landed', '4': 'landed' },
      });
      expect(Object.keys(world.landed()).sort()).toEqual(['1.txt', '2.txt', 'README.md', 'shared.txt']);
      await expectSound(world);
      // The rest was put on top of it, tested, and lands later as that; no agent ran for it.
      const { integration } = (await stateOf(world)) as { readonly integration: string };
      expect(world.repository.contains(tipOf(world), integration)).toBe(true);
      expect([...world.repository.read(integration).files.keys()]).toContain('5.txt');
      await land(world, '3', '5');
      await expectSound(world);
      expect(world.landed()).toMatchObject({ 'shared.txt': 'four\nfive\n', '3.txt': 'new\n' });
      expect(world.launcher.started).toHaveLength(before);
    });
  }

  it('lands nothing that conflicts without the rest, rejects nothing for it, and says what it needs', async () => {
    const world = makeWorld();
    await world.start();
    expect(outcomes(await land(world, '5'))).toEqual(ready(...IDS));
    const { declined, chosen } = await stateOf(world);
    expect(declined).toMatchObject({ kind: 'conflict', asked: ['5'], needs: ['4'], unjoined: '5' });
    expect(declined?.message).toBe("Task 5 can't land without 4: they change the same lines of shared.txt.");
    expect([chosen, tipOf(world)]).toEqual([undefined, world.base]);
  });

  it('lands nothing on which the gate is red, and names what it was tested with', async () => {
    const world = makeWorld();
    await world.start();
    expect(outcomes(await land(world, '4', '5'))).toEqual(ready(...IDS));
    const { declined } = await stateOf(world);
    expect(declined).toMatchObject({ kind: 'gate', taskIds: ['4', '5'], needs: ['1', '2', '3'] });
    expect(declined?.message).toContain(
      'the gate is red (exit code 1): 5 wants 3. It came through its tests on top of 1, 2, 3.',
    );
    expect(tipOf(world)).toBe(world.base);
    await land(world, '4', '5', '3');
    expect((await stateOf(world)).declined).toBeUndefined();
    expect(Object.keys(world.landed()).sort()).toEqual(['3.txt', '5.txt', 'README.md', 'shared.txt']);
    await expectSound(world);
  });

  it('refuses what is not ready before anything is recorded', async () => {
    const world = makeWorld();
    await world.start();
    await land(world, '1');
    const { length } = await world.journals.read(RUN_ID);
    await expect(land(world, '1')).rejects.toMatchObject({ code: 'PWT_TASK_NOT_READY' });
    await expect(land(world, '9')).rejects.toMatchObject({ code: 'PWT_TASK_UNKNOWN' });
    await expect(reject(world, '1')).rejects.toMatchObject({ code: 'PWT_TASK_NOT_READY' });
    expect(await world.journals.read(RUN_ID)).toHaveLength(length);
  });

  it('joins a choice to what has come to the target meanwhile', async () => {
    const world = makeWorld();
    await world.start();
    const { files } = world.repository.read(world.base);
    const theirs = world.repository.commit(new Map([...files, ['theirs.txt', 't']]), [world.base]);
    world.repository.refs.set('refs/heads/main', theirs);
    expect(outcomes(await land(world, '3'))).toEqual({ ...ready('1', '2', '4', '5'), '3': 'landed' });
    expect(Object.keys(world.landed())).toEqual(expect.arrayContaining(['theirs.txt', '3.txt']));
    await expectSound(world);
  });

  it('counts work as landed that is on the target by another hand', async () => {
    const world = makeWorld();
    await world.start();
    const { files } = world.repository.read(world.base);
    world.repository.refs.set(
      'refs/heads/main',
      world.repository.commit(new Map([...files, ['3.txt', 'new\n']]), [world.base]),
    );
    expect(outcomes(await land(world, '3'))).toEqual({ ...ready('1', '2', '4', '5'), '3': 'landed' });
  });
});

describe('a task that a person sends back', () => {
  it('goes back to its agent with the reason, and what needs it waits; the rest stays ready', async () => {
    const world = makeWorld();
    await world.start();
    const { integration } = (await stateOf(world)) as { readonly integration: string };
    const summary = await reject(world, '1');
    expect(outcomes(summary)).toEqual(ready(...IDS));
    expect(world.launcher.started).toEqual([...IDS, '1']);
    const log = await world.journals.read(RUN_ID);
    const sent = log.find(({ type }) => type === 'task-continued');
    expect(sent).toMatchObject({
      taskId: '1',
      ending: { reason: 'sent back: do it better', failure: { kind: 'rejected' } },
      feedback: expect.stringContaining('```text\ndo it better\n```'),
    });
    expect(log.some((event) => event.type === 'task-finished' && event.taskId === '2')).toBe(true);
    await world.coordinator().land({ runId: RUN_ID });
    expect(world.landed()).toMatchObject({ '1.txt': 'better\n', '2.txt': 'new\n', '5.txt': 'new\n' });
    await expectSound(world);
    expect(world.repository.contains(integration, tipOf(world))).toBe(false);
  });
});

/** Does it in a process that is killed, and resumes; what is left then is done. False if it was not killed. */
async function killed(
  world: World,
  at: number,
  when: 'before' | 'after',
  how: Parameters<typeof killAt>[3],
): Promise<boolean> {
  if (!(await killAt(world, at, when, how))) return false;
  await world.coordinator().resume({ runId: RUN_ID });
  return true;
}

describe('a review that is killed at any event', () => {
  it('lands what was chosen, once it is recorded, and nothing else', async () => {
    let kills = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += STEP) {
        const world = makeWorld();
        await world.start();
        const how = (coordinator: ReturnType<World['coordinator']>) =>
          coordinator.land({ runId: RUN_ID, taskIds: ['2', '4'] });
        if (!(await killed(world, at, when, how))) break;
        kills += 1;
        const label = `killed ${when} append ${at}`;
        const isRecorded = (await world.journals.read(RUN_ID)).some(({ type }) => type === 'landing-chosen');
        const done = ['1', '2', '4'].map((id) => [id, isRecorded ? 'landed' : 'ready']);
        const summary = await world.coordinator().resume({ runId: RUN_ID });
        expect(outcomes(summary), label).toEqual({ ...ready('3', '5'), ...Object.fromEntries(done) });
        await world.coordinator().land({ runId: RUN_ID });
        expect(world.landed(), label).toMatchObject({ 'shared.txt': 'four\nfive\n', '2.txt': 'new\n' });
        expect(world.launcher.started, label).toEqual(IDS);
        await expectSound(world);
      }
    }
    expect(kills).toBeGreaterThan(30 / STEP);
  });

  it.each(['landing-chosen', 'land-started', 'landed', 'integration-restarted'])(
    'goes on where it was killed around %s',
    async (type) => {
      for (const when of ['before', 'after'] as const) {
        const world = makeWorld();
        await world.start();
        await killAt(
          world,
          (event) => event.type === type,
          when,
          (coordinator) => coordinator.land({ runId: RUN_ID, taskIds: ['2', '4'] }),
        );
        await world.coordinator().resume({ runId: RUN_ID });
        await world.coordinator().land({ runId: RUN_ID });
        const files = { 'shared.txt': 'four\nfive\n', '2.txt': 'new\n', '3.txt': 'new\n' };
        expect(world.landed(), `${when} ${type}`).toMatchObject(files);
        expect(Object.values(outcomes(await world.coordinator().resume({ runId: RUN_ID })))).toEqual(
          IDS.map(() => 'landed'),
        );
        await expectSound(world);
      }
    },
  );

  it('sends back what was rejected, once it is recorded, and has it again', async () => {
    let kills = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += STEP) {
        const world = makeWorld();
        await world.start();
        const how = (coordinator: ReturnType<World['coordinator']>) =>
          coordinator.resume({ runId: RUN_ID, sentBack: [{ taskId: '1', reason: 'do it better' }] });
        if (!(await killed(world, at, when, how))) break;
        kills += 1;
        const label = `killed ${when} append ${at}`;
        const log = await world.journals.read(RUN_ID);
        const isRecorded = log.some(({ type }) => type === 'integration-restarted');
        const summary = await world.coordinator().land({ runId: RUN_ID });
        expect(outcomes(summary), label).toEqual(Object.fromEntries(IDS.map((id) => [id, 'landed'])));
        expect(world.landed()['1.txt'], label).toBe(isRecorded ? 'better\n' : 'new\n');
        await expectSound(world);
      }
    }
    expect(kills).toBeGreaterThan(40 / STEP);
  });
});
