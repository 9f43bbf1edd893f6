import { definePlugin, type PluginContext, type PwtPlugin } from '@pwt/core';
import { SystemResourceMonitor } from '@pwt/resources';
import { GitWorktreeProvider } from '@pwt/worktree';
import { examinePlugin } from './doctor/examine-plugin.js';
import { type Engine, engineOf } from './engine.js';
import { BullmqGate } from './gate/bullmq-gate.js';
import { BullmqLauncher } from './launcher/bullmq-launcher.js';
import { readPromptTemplate } from './launcher/prompt-template.js';
import { FleetResourceMonitor } from './resources/fleet-resource-monitor.js';
import { workerCommand } from './worker/command/worker-command.js';
import { workerParts } from './worker/parts.js';
import { BullmqWorkspaceProvider } from './workspaces/bullmq-workspace-provider.js';

const providers = new WeakMap<Engine, BullmqWorkspaceProvider>();

/** What `pwt.config` names: `"plugins": [["@pwt/plugin-bullmq", {"redis": "redis://localhost:6379"}]]`. */
export const plugin: PwtPlugin = definePlugin({
  name: '@pwt/plugin-bullmq',
  apiVersion: 2,
  provides: {
    async workspaceProvider(context, options) {
      const engine = await engineOf(context, options);
      return owned(providerOf(context, engine), engine);
    },

    async agentLauncher(context, options) {
      const engine = await engineOf(context, options);
      const { promptFile, markDone } = context.settings;
      const launcher = new BullmqLauncher({
        ...{ ...engine, timings: engine.options.timings, marksDone: markDone === true },
        promptTemplate: await readPromptTemplate(context, promptFile),
      });
      return owned(launcher, engine);
    },

    async gate(context, options) {
      const engine = await engineOf(context, options);
      const { gate } = engine.settings;
      if (gate === undefined) return undefined;
      const { homes } = providerOf(context, engine);
      return owned(new BullmqGate({ gate, homes, exchange: engine.exchange, warn: engine.warn }), engine);
    },

    async resourceMonitor(context, options) {
      const engine = await engineOf(context, options);
      const local = new SystemResourceMonitor({ diskPath: context.projectRoot });
      return owned(new FleetResourceMonitor({ fleet: engine.fleet, local }), engine);
    },
  },
  commands: { worker: workerCommand(workerParts) },
  examine: examinePlugin,
});

/** The connections end with whichever part of the program is disposed of first: all of them are at its end. */
function owned<T extends object>(part: T, { fleet }: Engine): T & { dispose(): Promise<void> } {
  return Object.assign(part, { dispose: () => fleet.dispose() });
}

/** One for all parts of a context: they work in the same workspaces. */
function providerOf(context: PluginContext, engine: Engine): BullmqWorkspaceProvider {
  const known = providers.get(engine);
  if (known !== undefined) return known;
  const { git, stateDir } = engine;
  const local = new GitWorktreeProvider({
    ...{ git, stateDir, env: context.env, commonDir: context.gitCommonDir },
    worktreeTemplate: '../{repo}-wt{id}',
    branchTemplate: 'pwt/{id}',
  });
  const provider = new BullmqWorkspaceProvider(engine, local);
  providers.set(engine, provider);
  return provider;
}
