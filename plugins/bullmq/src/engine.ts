import { type PluginContext, PwtError } from '@pwt/core';
import type { Git } from '@pwt/git';
import { GitExchange } from './exchange/git-exchange.js';
import { resolveAddress, withoutPassword } from './exchange/remote/address.js';
import { CheckedFleet } from './fleet/checked-fleet.js';
import type { Fleet } from './fleet/fleet.js';
import { RedisFleet } from './fleet/redis-fleet.js';
import { type BullmqOptions, readOptions } from './options.js';
import { gitOf } from './project-git.js';
import { repositoryName } from './protocol/repository-name.js';
import { type RunSettings, readRunSettings } from './run-settings.js';
import { PlacementStore } from './workspaces/placement-store.js';

/** What the parts of the plugin share in one program: the fleet, the exchange, and where everything is. */
export interface Engine {
  readonly options: BullmqOptions;
  readonly settings: RunSettings;
  /** Of the project. */
  readonly git: Git;
  readonly stateDir: string;
  /** The repository's name for workers. */
  readonly repository: string;
  readonly fleet: Fleet;
  readonly exchange: GitExchange;
  readonly placements: PlacementStore;
  readonly warn: (message: string) => void;
}

const engines = new WeakMap<PluginContext, Promise<Engine>>();

/**
 * The engine of a context: the same for all parts that are made with it.
 *
 * @throws PwtError `PWT_PLUGIN_OPTIONS`, `PWT_REMOTE_UNKNOWN`, `PWT_EXCHANGE_UNSAFE`
 */
export function engineOf(context: PluginContext, options: unknown): Promise<Engine> {
  const known = engines.get(context);
  if (known !== undefined) return known;
  const made = makeEngine(context, options);
  engines.set(context, made);
  return made;
}

async function makeEngine(context: PluginContext, written: unknown): Promise<Engine> {
  const { stateDir, warn } = context;
  const options = readOptions(context, written);
  const settings = readRunSettings(context.settings);
  const git = gitOf(context);
  const { redis, queue, remote, timings } = options;
  const address = await resolveAddress(git, remote);
  const repository = options.repository ?? repositoryName(address);
  if (repository === undefined) throw nameless(address);
  return {
    ...{ options, settings, git, stateDir, repository, warn },
    fleet: new CheckedFleet(new RedisFleet({ redis, queue, timings, onTrouble: warn })),
    exchange: new GitExchange({ git, remote }),
    placements: new PlacementStore(stateDir),
  };
}

function nameless(address: string): PwtError {
  return new PwtError(
    'PWT_PLUGIN_OPTIONS',
    `@pwt/plugin-bullmq: the last part of ${withoutPassword(address)} can't be the name of a repository.`,
    {
      hint: 'Name it: "repository": "app" in the options of the plugin, and --remote app=<address> for workers.',
    },
  );
}
