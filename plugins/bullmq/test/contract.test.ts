import { type WorkspaceProviderHarness, workspaceProviderSuite } from '@pwt/testkit';
import { describe, type TestContext, test } from 'vitest';
import { needsRedis } from './redis-server.js';
import { WorkerStage } from './worker-stage.js';
import { harnessOf, providerOver } from './workspaces-stage.js';

/** A redis-server, a worker with a mirror and state of its own, and a bare repository between it and the project. */
async function open(): Promise<WorkspaceProviderHarness> {
  const stage = await WorkerStage.create({ 'README.md': 'read me\n', 'src/a.txt': 'a\n' });
  const { code, exchange, fleet } = stage;
  await stage.start('one', { maxInstances: 8 });
  const git = await code.opened();
  const settings = { agents: [{ command: ['true'] }], gate: { command: 'true' } };
  const provider = () =>
    providerOver(code, { git, exchange, fleet, settings, repository: 'app', warn: () => undefined });
  return harnessOf(code, await code.head(), provider);
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
