import { isOpenError, subjectName } from '@pwt/core';
import { MemoryMerger, makeClaims, makeTask, RecordingSink, ScriptedGate } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { killAt } from './mortal.js';
import { outcomes, RUN_ID, World, writes } from './world.js';

/** A secret is on the target when the run starts, and is taken off it by the agent of task 1. */
function makeWorld(more: Partial<ConstructorParameters<typeof World>[0]> = {}) {
  const sink = new RecordingSink();
  const world: World = new World({
    tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] }), makeTask('3', { dependsOn: ['1'] })],
    claims: ['1', '2', '3'].map((id) => makeClaims(id, `${id}.txt`)),
    work: {
      '1': (files) => {
        world.repository.refs.set('refs/heads/main', rewritten);
        files.set('1.txt', 'one\n');
        return 0;
      },
      '2': writes('1.txt', 'one\ntwo\n'),
      '3': writes('3.txt', 'three\n'),
    },
    files: { 'README.md': 'hello\n', 'secret.txt': 's' },
    sinks: [sink],
    ...more,
  });
  const rewritten = world.repository.commit({ 'README.md': 'hello\n', 'new.txt': 'n' });
  return { world, sink, rewritten };
}

const landOnto = (world: World) => world.coordinator().land({ runId: RUN_ID, ontoRewritten: true });

describe('a target that was rewritten', () => {
  it('is not joined: the commits that would come back are named, and the tasks go on', async () => {
    const { world, sink, rewritten } = makeWorld();
    const summary = await world.start();
    expect(outcomes(summary)).toEqual({ '1': 'integrated', '2': 'integrated', '3': 'integrated' });
    expect(summary.success).toBe(false);
    expect(world.repository.refs.get('refs/heads/main')).toBe(rewritten);
    const findings = sink.events.flatMap((event) => (event.type === 'finding' ? [event.finding] : []));
    expect(findings).toMatchObject([{ kind: 'target', severity: 'error', taskIds: ['1'] }]);
    expect(findings[0]?.message).toContain(world.base.slice(0, 10));
    expect(sink.events.some(({ type }) => type === 'target-moved')).toBe(false);
    // The user's own command does not join it either.
    expect(outcomes(await world.coordinator().land({ runId: RUN_ID }))).toMatchObject({ '1': 'integrated' });
    expect(world.repository.refs.get('refs/heads/main')).toBe(rewritten);
  });

  it('gets the work of the run on top, each task as it was and tested again, and nothing that was taken off', async () => {
    const gate = new ScriptedGate();
    const { world, rewritten } = makeWorld({ gate });
    await world.start();
    const before = gate.seen.length;
    const summary = await landOnto(world);
    expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'landed', '3': 'landed' });
    const tested = gate.seen.slice(before).map(({ commit }) => commit);
    expect(tested).toContain(world.repository.refs.get('refs/heads/main'));
    const { 'README.md': _readme, ...files } = world.landed();
    expect(files).toEqual({ 'new.txt': 'n', '1.txt': 'one\ntwo\n', '3.txt': 'three\n' });
    const tip = world.repository.refs.get('refs/heads/main') ?? '';
    const history = [...world.repository.history(tip)];
    expect(history).toContain(rewritten);
    expect(history).not.toContain(world.base);
    expect(history.some((id) => world.repository.read(id).files.has('secret.txt'))).toBe(false);
  });

  it('leaves out a task that does not fit, and one that the gate does not let through', async () => {
    const gate = new ScriptedGate(({ subject }) =>
      subjectName(subject) === '3' && world.coordinatorCount > 1
        ? { status: 'red', exitCode: 1, durationMs: 1, summary: 'red' }
        : { status: 'green', durationMs: 1 },
    );
    const { world: made } = makeWorld({ gate });
    const world = Object.assign(made, { coordinatorCount: 1 });
    const onto = world.repository.commit({ '1.txt': 'mine\n' });
    await world.start();
    world.coordinatorCount = 2;
    world.repository.refs.set('refs/heads/main', onto);
    const summary = await landOnto(world);
    expect(outcomes(summary)).toMatchObject({ '1': 'conflicted', '2': 'conflicted', '3': 'failed' });
    expect(world.landed()).toEqual({ '1.txt': 'mine\n' });
  });

  it('has the tasks that a resumed run goes on with put on top in the same way', async () => {
    const { world, rewritten } = makeWorld();
    // Task 3 has been dispatched from the old line, and has not been joined.
    await killAt(world, (event) => event.type === 'work-collected' && event.taskId === '3', 'after');
    await landOnto(world);
    expect(outcomes(await world.coordinator().resume({ runId: RUN_ID }))).toEqual({
      '1': 'landed',
      '2': 'landed',
      '3': 'landed',
    });
    const history = [...world.repository.history(world.repository.refs.get('refs/heads/main') ?? '')];
    expect(history).toContain(rewritten);
    expect(history).not.toContain(world.base);
  });

  it('does not come back with an agent that was about to start on the old line', async () => {
    const { world, rewritten } = makeWorld();
    // Its worktree is there; its agent has not been started, so that it gets another attempt in the same worktree.
    await killAt(world, (event) => event.type === 'agent-launching' && event.taskId === '3', 'after');
    await landOnto(world);
    expect(outcomes(await world.coordinator().resume({ runId: RUN_ID }))).toMatchObject({ '3': 'landed' });
    const history = [...world.repository.history(world.repository.refs.get('refs/heads/main') ?? '')];
    expect(history).toContain(rewritten);
    expect(history).not.toContain(world.base);
  });

  it('says which work that had landed was taken off with it, and does not land it again', async () => {
    const { world } = makeWorld({ work: { '1': writes('1.txt', 'one\n'), '3': writes('3.txt') } });
    class RefusesLater extends MemoryMerger {
      override async land(request: Parameters<MemoryMerger['land']>[0]) {
        const outcome = await super.land(request);
        if (outcome.status === 'landed') this.refusals.push(...Array(20).fill(refusal));
        return outcome;
      }
    }
    const refusal = { status: 'refused', reason: 'dirty', paths: ['x'], message: 'x' } as const;
    await world.start(world.coordinator({ merger: new RefusesLater(world.repository) }));
    world.repository.refs.set('refs/heads/main', world.base);
    const coordinator = world.coordinator();
    const summary = await coordinator.land({ runId: RUN_ID, ontoRewritten: true });
    expect(outcomes(summary)).toMatchObject({ '1': 'landed', '3': 'landed' });
    expect(Object.keys(world.landed())).not.toContain('1.txt');
    expect(Object.keys(world.landed())).toContain('3.txt');
    expect(coordinator.state.findings).toContainEqual(
      expect.objectContaining({ taskIds: ['1'], message: expect.stringContaining('It is not landed again') }),
    );
  });

  it('after all had landed is refused until it was put back, or decided on', async () => {
    const { world } = makeWorld({
      tasks: [makeTask('1')],
      claims: [makeClaims('1', '1.txt')],
      work: { '1': writes('1.txt') },
    });
    await world.start();
    const tip = world.repository.refs.get('refs/heads/main') ?? '';
    const isOpen = async (ontoRewritten: boolean) => {
      const coordinator = world.coordinator();
      await coordinator.land({ runId: RUN_ID, ontoRewritten });
      return coordinator.state.findings.some(isOpenError);
    };
    for (const isPutBack of [true, false]) {
      world.repository.refs.set('refs/heads/main', world.base);
      expect(await isOpen(false)).toBe(true);
      if (isPutBack) world.repository.refs.set('refs/heads/main', tip);
      expect(await isOpen(!isPutBack)).toBe(false);
    }
    expect(world.repository.refs.get('refs/heads/main')).toBe(world.base);
  });

  it('ends the same when it is killed at any moment, and asked again', async () => {
    const undisturbed = makeWorld().world;
    await undisturbed.start();
    const expected = outcomes(await landOnto(undisturbed));
    let kills = 0;
    for (const [when, first] of [
      ['before', 'land'],
      ['after', 'land'],
      ['after', 'resume'],
    ] as const) {
      for (let at = 1; ; at += 1) {
        const { world } = makeWorld();
        await world.start();
        const how = (coordinator: ReturnType<World['coordinator']>) =>
          coordinator.land({ runId: RUN_ID, ontoRewritten: true });
        if (!(await killAt(world, at, when, how))) break;
        kills += 1;
        const where = `killed ${when} append ${at}, then ${first}`;
        if (first === 'resume') await world.coordinator().resume({ runId: RUN_ID });
        expect(outcomes(await landOnto(world)), where).toEqual(expected);
        expect(world.landed(), where).toEqual(undisturbed.landed());
      }
    }
    expect(kills).toBeGreaterThan(30);
  });

  it('is an error for a merger that can not do it, and nothing was changed', async () => {
    const { world, rewritten } = makeWorld();
    await world.start();
    const merger = new MemoryMerger(world.repository);
    Object.assign(merger, { replay: undefined });
    const land = world.coordinator({ merger }).land({ runId: RUN_ID, ontoRewritten: true });
    await expect(land).rejects.toMatchObject({ code: 'PWT_REPLAY_UNSUPPORTED' });
    expect(world.repository.refs.get('refs/heads/main')).toBe(rewritten);
  });

  it('is put on top of nothing if it was not rewritten: that lands as ever', async () => {
    const { world } = makeWorld({
      work: { '1': writes('1.txt'), '2': writes('2.txt'), '3': writes('3.txt') },
      options: { autoMerge: false },
    });
    await world.start();
    expect(outcomes(await landOnto(world))).toEqual({ '1': 'landed', '2': 'landed', '3': 'landed' });
    expect(world.landed()).toHaveProperty('secret.txt');
  });
});
