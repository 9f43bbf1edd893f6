import { makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { deferred, outcomes, RUN_ID, World, writes } from './world.js';

describe('stop', () => {
  it('is heard before the run has made anything', async () => {
    const run = new World({
      tasks: [makeTask('1')],
      claims: [makeClaims('1', '1.txt')],
      work: { '1': writes('1.txt') },
    });
    const coordinator = run.coordinator();
    const started = run.start(coordinator);
    await coordinator.stop('drain');
    expect(outcomes(await started)).toEqual({ '1': 'cancelled' });
    expect(run.launcher.started).toEqual([]);
    expect(outcomes(await coordinator.resume({ runId: RUN_ID }))).toEqual({ '1': 'landed' });
  });

  it('is not taken back by a milder one', async () => {
    const creating = deferred();
    const created = deferred();
    const run = new World({
      tasks: [makeTask('1')],
      claims: [makeClaims('1', '1.txt')],
      work: { '1': writes('1.txt') },
    });
    const { provider } = run;
    const create = provider.create.bind(provider);
    provider.create = async (request) => {
      creating.resolve();
      await created.promise;
      return create(request);
    };
    const coordinator = run.coordinator();
    const started = run.start(coordinator);
    await creating.promise;
    await coordinator.stop('now');
    await coordinator.stop('drain');
    created.resolve();
    await started;
    expect(run.launcher.started).toEqual([]);
  });

  it('refuses a second run beside the first', async () => {
    const run = new World({ tasks: [makeTask('1')], claims: [makeClaims('1', '1.txt')], work: {} });
    const coordinator = run.coordinator();
    const first = run.start(coordinator);
    await expect(coordinator.resume({ runId: RUN_ID })).rejects.toMatchObject({ code: 'PWT_RUN_LOCKED' });
    await first;
  });
});
