import { makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { expectLandedIsTested, fileGate, outcomes, RUN_ID, World, writes } from './world.js';

/** Two tasks that write the same file, the second of which conflicts. */
async function conflicted(red?: (files: ReadonlyMap<string, string>) => string | undefined) {
  const world = new World({
    tasks: [makeTask('1'), makeTask('2')],
    claims: [makeClaims('1', '1.txt'), makeClaims('2', '2.txt')],
    work: { '1': writes('shared.txt', 'one\n'), '2': writes('shared.txt', 'two\n') },
    files: { 'shared.txt': 'zero\n' },
    options: { audit: 'observe', maxInstances: 2, retries: { 'gate-red': 5 } },
    gate: fileGate(red ?? (() => undefined)),
  });
  const summary = await world.start();
  expect(outcomes(summary)).toEqual({ '1': 'landed', '2': 'conflicted' });
  return world;
}

const resolve = (world: World) => world.coordinator().resolve({ runId: RUN_ID, taskId: '2' });
const land = (world: World) => world.coordinator().landResolved({ runId: RUN_ID, taskIds: ['2'] });

describe('a conflict that a person resolves', () => {
  it('is put into the workspace of its task, with the tasks that it is between, and lands when it is resolved', async () => {
    const world = await conflicted();
    const found = await resolve(world);
    expect(found).toMatchObject({
      taskId: '2',
      outcome: { status: 'conflicted', paths: [{ path: 'shared.txt' }] },
      conflicts: [{ path: 'shared.txt', tasks: [{ taskId: '2' }, { taskId: '1' }] }],
    });
    const files = world.provider.files(found.workspace);
    expect(files.get('shared.txt')).toContain('<<<<<<<');
    expect(outcomes(await land(world))).toEqual({ '1': 'landed', '2': 'held' });
    expect(world.landed()['shared.txt']).toBe('one\n');
    files.set('shared.txt', 'one\ntwo\n');
    expect(outcomes(await land(world))).toEqual({ '1': 'landed', '2': 'landed' });
    expect(world.landed()['shared.txt']).toBe('one\ntwo\n');
    expect(world.launcher.started).toEqual(['1', '2']);
    await expectLandedIsTested(world);
  });

  it('ends as before where the gate is red for the resolution, and can be mended', async () => {
    const world = await conflicted((files) =>
      files.get('shared.txt')?.includes('wrong') ? '1 test failed' : undefined,
    );
    const { workspace } = await resolve(world);
    world.provider.files(workspace).set('shared.txt', 'wrong\n');
    expect(outcomes(await land(world))).toEqual({ '1': 'landed', '2': 'failed' });
    expect(world.launcher.started).toEqual(['1', '2']);
    world.provider.files(workspace).set('shared.txt', 'right\n');
    expect(outcomes(await land(world))).toEqual({ '1': 'landed', '2': 'landed' });
  });

  it('is there again where the process has ended in between, or the user gave it up', async () => {
    const world = await conflicted();
    const first = await resolve(world);
    expect(await resolve(world)).toEqual(first);
    world.provider.abortMerge(first.workspace);
    expect(outcomes(await land(world))).toEqual({ '1': 'landed', '2': 'conflicted' });
    expect(await resolve(world)).toEqual(first);
  });

  it('is for a person, too, where the agent has left the merge unfinished', async () => {
    let attempts = 0;
    const world = new World({
      tasks: [makeTask('1'), makeTask('2')],
      claims: [makeClaims('1', '1.txt'), makeClaims('2', '2.txt')],
      work: {
        '1': writes('shared.txt', 'one\n'),
        '2': (files) => {
          attempts += 1;
          if (attempts === 1) files.set('shared.txt', 'two\n');
          return 0;
        },
      },
      files: { 'shared.txt': 'zero\n' },
      options: { audit: 'observe', maxInstances: 2, retries: { conflict: 1 } },
      gate: fileGate(() => undefined),
    });
    expect(outcomes(await world.start())).toEqual({ '1': 'landed', '2': 'held' });
    expect(attempts).toBe(2);
    const { workspace, outcome } = await resolve(world);
    expect(outcome).toMatchObject({ status: 'conflicted' });
    world.provider.files(workspace).set('shared.txt', 'one\ntwo\n');
    expect(outcomes(await land(world))).toEqual({ '1': 'landed', '2': 'landed' });
    expect(attempts).toBe(2);
  });

  it('is refused for a task without one', async () => {
    const world = await conflicted();
    const coordinator = world.coordinator();
    await expect(coordinator.resolve({ runId: RUN_ID, taskId: '1' })).rejects.toMatchObject({
      code: 'PWT_TASK_NOT_RESOLVABLE',
    });
    await expect(coordinator.resolve({ runId: RUN_ID, taskId: '7' })).rejects.toMatchObject({
      code: 'PWT_TASK_UNKNOWN',
    });
  });
});
