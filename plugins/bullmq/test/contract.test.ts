import { type WorkspaceProviderHarness, workspaceProviderSuite } from '@pwt/testkit';
import { describe, expect, onTestFinished, type TestContext, test, vi } from 'vitest';
import { Network } from './proxy.js';
import { needsRedis } from './redis-server.js';
import { WorkerStage } from './worker-stage.js';
import { harnessOf, providerOver } from './workspaces-stage.js';

/** A redis-server, workers with a mirror and state of its own, and a bare repository between them and the project. */
async function open(): Promise<WorkspaceProviderHarness> {
  const stage = await WorkerStage.create({ 'README.md': 'read me\n', 'src/a.txt': 'a\n' });
  const { code, exchange, fleet, redis } = stage;
  const network = await Network.to(redis.port);
  onTestFinished(() => network.close());
  const room = { maxInstances: 8 };
  await stage.start('one', { ...room, redis: network.options(redis.options) });
  const git = await code.opened();
  const settings = { agents: [{ command: ['true'] }], gate: { command: 'true' } };
  const provider = () =>
    providerOver(code, { git, exchange, fleet, settings, repository: 'app', warn: () => undefined });
  return {
    ...harnessOf(code, await code.head(), provider),
    async loseMachine() {
      network.cut();
      await stage.start('two', room);
      await vi.waitFor(async () => expect((await fleet.workers()).map(({ id }) => id)).toEqual(['two']), {
        timeout: 30_000,
      });
    },
  };
}

const runner = {
  describe,
  test: (name: string, body: () => Promise<void>) =>
    test(name, async ({ skip }: TestContext) => {
      needsRedis(skip);
      await body();
    }),
};
workspaceProviderSuite(runner, open);
