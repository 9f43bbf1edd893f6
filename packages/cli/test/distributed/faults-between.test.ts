import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
// @boundaries-ignore the server of the plugin's own tests
import { Network } from '../../../../plugins/bullmq/test/proxy.js';
import { FaultStage, faults, killed, waits } from '../support/faults.js';
import { signalled } from '../support/moments.js';
import { canMount, diskOf } from '../support/workers.js';

faults(({ sample, further }) => {
  sample('a coordinator that is killed: workers finish, and resume collects', async () => {
    const stage = await FaultStage.open();
    const alpha = await stage.fleet.worker('alpha');
    const first = stage.run();
    await signalled(stage.working);
    await killed(first.child);
    await stage.tell();
    await alpha.printed(/attempt \S+\/1\/1 is pushed/);
    await stage.expectUndisturbed(stage.run(['resume']).ended);
  });

  further('a coordinator that is killed while a workspace is set up', async () => {
    const stage = await FaultStage.open({ setup: (at) => waits(at, 'setup') });
    await stage.fleet.worker('alpha');
    const first = stage.run();
    await signalled(stage.at('setup-works'));
    await killed(first.child);
    await stage.tell('setup-goes-on');
    await stage.tell();
    await stage.expectUndisturbed(stage.run(['resume']).ended);
  });

  for (const [when, prefix, hook] of [
    ['while it offers a base', 'refs/pwt/base/', 'pre-receive'],
    ['when a base is there, and nobody was asked', 'refs/pwt/base/', 'post-receive'],
    ['while work is collected', 'refs/pwt/asked/', 'pre-receive'],
    ['when collected work is there, and not here', 'refs/pwt/asked/', 'post-receive'],
  ] as const) {
    further(`a coordinator that is killed ${when}`, async () => {
      const stage = await FaultStage.open();
      await stage.fleet.worker('alpha');
      await stage.onPush(prefix, hook, `kill -9 "$(cat '${stage.at('coordinator')}')"`);
      await stage.tell();
      const first = stage.run();
      await writeFile(stage.at('coordinator'), String(first.child.pid));
      await first.ended;
      await stage.expectUndisturbed(stage.run(['resume']).ended);
    });
  }

  for (const aof of ['everysec', 'always', 'off'] as const) {
    (aof === 'off' ? sample : further)(`Redis that is killed, with AOF ${aof}`, async () => {
      const stage = await FaultStage.open({ redis: { aof } });
      const alpha = await stage.fleet.worker('alpha');
      const { ended } = stage.run();
      await signalled(stage.working);
      await stage.fleet.redis.kill();
      await stage.tell();
      await alpha.printed(/attempt \S+\/1\/1 is pushed/);
      await stage.fleet.redis.startAgain({ aof });
      await stage.expectUndisturbed(ended);
    });
  }

  for (const aof of ['everysec', 'off'] as const) {
    further(`Redis that is killed while a workspace is set up, with AOF ${aof}`, async () => {
      const stage = await FaultStage.open({ redis: { aof }, setup: (at) => waits(at, 'setup') });
      const alpha = await stage.fleet.worker('alpha');
      await stage.tell();
      const { ended } = stage.run();
      await signalled(stage.at('setup-works'));
      await stage.fleet.redis.kill();
      await alpha.printed(/Redis can't be reached/);
      await stage.tell('setup-goes-on');
      await stage.fleet.redis.startAgain({ aof });
      await stage.expectUndisturbed(ended);
    });
  }

  further('Redis that is killed, and empty, while a gate runs', async () => {
    const stage = await FaultStage.open({ gate: (at) => waits(at, 'gate') });
    const alpha = await stage.fleet.worker('alpha');
    await stage.tell();
    const { ended } = stage.run();
    await signalled(stage.at('gate-works'));
    await stage.fleet.redis.kill();
    await alpha.printed(/Redis can't be reached/);
    await stage.tell('gate-goes-on');
    await stage.fleet.redis.startAgain();
    await stage.expectUndisturbed(ended);
  });

  for (const who of ['a worker', 'the coordinator'] as const) {
    for (const how of ['cut', 'half-open', 'slow'] as const) {
      const isSample = who === 'the coordinator' && how === 'cut';
      (isSample ? sample : further)(
        `a network between ${who} and Redis that is ${how} for a while`,
        async () => {
          const stage = await FaultStage.open({ options: { lostAfterSeconds: 30 } });
          const { redis } = stage.fleet;
          const network = await Network.to(redis.port);
          try {
            if (who === 'the coordinator') await stage.fleet.configure(network.port);
            const alpha = await stage.fleet.worker('alpha', who === 'a worker' ? { port: network.port } : {});
            const { ended } = stage.run();
            await signalled(stage.working);
            if (how === 'cut') network.cut();
            else if (how === 'half-open') network.drop('both');
            else network.delay(300);
            await stage.tell();
            await alpha.printed(/attempt \S+\/1\/1 is pushed/);
            network.heal();
            await stage.expectUndisturbed(ended);
          } finally {
            await stage.fleet.dispose();
            await network.close();
          }
        },
      );
    }
  }

  further('an exchange that is gone for a while', async () => {
    const stage = await FaultStage.open();
    const alpha = await stage.fleet.worker('alpha');
    const { ended } = stage.run();
    await signalled(stage.working);
    const { exchange } = stage.fleet;
    await rename(exchange, `${exchange}.away`);
    await stage.tell();
    await alpha.printed(/attempt \S+\/1\/1: .*is not pushed/);
    await rename(`${exchange}.away`, exchange);
    await stage.expectUndisturbed(ended);
  });

  further('a worker whose disk is full when it makes a workspace', async (skip) => {
    if (!canMount()) skip('no disk can be mounted here: unshare --user --mount is not allowed');
    const stage = await FaultStage.open();
    const alpha = await stage.fleet.worker('alpha', { disk: '16m' });
    await fill(join(diskOf(alpha), 'filler'));
    await stage.fleet.worker('beta');
    await stage.tell();
    await stage.expectUndisturbed(stage.run().ended);
  });

  further('a worker whose disk is full when its agent ends', async (skip) => {
    if (!canMount()) skip('no disk can be mounted here: unshare --user --mount is not allowed');
    const stage = await FaultStage.open({
      first: (at) => ['@write src/a.txt one', `@signal ${at('working')}`, `@wait ${at('go')}`],
    });
    const alpha = await stage.fleet.worker('alpha', { disk: '64m' });
    const { ended } = stage.run();
    await signalled(stage.working);
    const filler = join(diskOf(alpha), 'filler');
    await fill(filler);
    await stage.tell();
    await alpha.printed(/attempt \S+\/1\/1: .*is not pushed/);
    await rm(filler);
    await stage.expectUndisturbed(ended);
  });
});

/** Writes until the disk takes no more. */
async function fill(file: string): Promise<void> {
  for (let size = 1024 ** 2; size >= 512; size /= 2) {
    for (;;) {
      try {
        await writeFile(file, Buffer.alloc(size), { flag: 'a' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        break;
      }
    }
  }
}
