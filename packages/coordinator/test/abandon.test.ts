import { makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import type { Coordinator } from '../src/index.js';
import { killAt } from './mortal.js';
import { outcomes, RUN_ID, World, writes } from './world.js';

const abandon = (coordinator: Coordinator) => coordinator.abandon(RUN_ID, ['1']);

/** A run whose process has died; the agent of task 1 works on without an end, and has left a file. */
async function abandonedWorld(): Promise<World> {
  const world = new World({
    tasks: [makeTask('1'), makeTask('2', { dependsOn: ['1'] }), makeTask('3', { dependsOn: [] })],
    claims: ['1', '2', '3'].map((id) => makeClaims(id, id === '3' ? '1.txt' : `${id}.txt`)),
    work: {
      '1': async (files) => {
        files.set('1.txt', 'half\n');
        return new Promise(() => undefined);
      },
      '2': writes('2.txt'),
      '3': writes('1.txt'),
    },
  });
  await killAt(world, (event) => event.type === 'agent-launched' && event.taskId === '1', 'after');
  return world;
}

/** What has become of everything, once the run was gone on with. */
async function endOf(world: World) {
  const coordinator = world.coordinator();
  const ended = outcomes(await coordinator.resume({ runId: RUN_ID }));
  const { tasks, snapshots } = coordinator.state;
  return {
    ended,
    agent: tasks.get('1')?.exit?.kind,
    isGone: tasks.get('1')?.workspaceGone,
    snapshots: snapshots.filter(({ taskId }) => taskId === '1').length > 0,
    started: world.launcher.started.filter((id) => id !== '3'),
  };
}

describe('a task that is given up', () => {
  it('has its agent stopped, its work kept and its workspace removed, and holds nothing up', async () => {
    const world = await abandonedWorld();
    expect(outcomes(await abandon(world.coordinator()))).toMatchObject({ '1': 'cancelled', '2': 'skipped' });
    expect(await endOf(world)).toEqual({
      ended: { '1': 'cancelled', '2': 'skipped', '3': 'landed' },
      agent: 'stopped',
      isGone: true,
      snapshots: true,
      started: ['1'],
    });
  });

  it('ends the same when that is killed at any moment, and asked again', async () => {
    const undisturbed = await abandonedWorld();
    await abandon(undisturbed.coordinator());
    const expected = await endOf(undisturbed);
    let kills = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const world = await abandonedWorld();
        if (!(await killAt(world, at, when, abandon))) break;
        kills += 1;
        await abandon(world.coordinator());
        expect(await endOf(world), `killed ${when} append ${at}`).toEqual(expected);
      }
    }
    expect(kills).toBeGreaterThan(10);
  });
});
