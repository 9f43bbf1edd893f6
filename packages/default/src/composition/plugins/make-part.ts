import {
  misbehaved,
  type PluginContext,
  type PluginFactory,
  type PwtPlugin,
  type Separator,
  type TaskSource,
} from '@pwt/core';
import { blaming } from './blaming.js';
import type { LoadedPlugin } from './load-plugins.js';

type Provides = Required<PwtPlugin['provides']>;
type Contract = keyof Provides;
type Part<C extends Contract> = Provides[C] extends PluginFactory<infer T> ? NonNullable<T> : never;

/** What each part must be able to do. What else its contract has is optional. */
const methods: { readonly [C in Contract]: readonly (keyof Part<C>)[] } = {
  taskSource: ['load'],
  separator: ['separate'],
  workspaceProvider: ['create', 'scratch', 'list', 'collect', 'changes', 'remove'],
  agentLauncher: ['check', 'launch', 'attach'],
  merger: ['open', 'integrate', 'advance', 'land', 'tip', 'contains', 'close'],
  gate: ['run'],
  resourceMonitor: ['sample'],
  repositoryObserver: ['observe', 'keep', 'recall'],
  radar: ['look', 'close'],
  eventSink: ['onEvent'],
};

/**
 * Makes a part that a plugin provides; `undefined` if the plugin does not provide it.
 *
 * @throws PwtError `PWT_PLUGIN_FAILED` if the plugin throws anything else, `PWT_PLUGIN_MISBEHAVED` if what it makes
 *   lacks a method
 */
export async function makePart<C extends Contract>(
  { plugin, options }: LoadedPlugin,
  contract: C,
  context: PluginContext,
): Promise<Part<C> | undefined> {
  const make = plugin.provides[contract] as PluginFactory<Part<C>> | undefined;
  if (!make) return undefined;
  const name = `the plugin ${plugin.name}`;
  const part = await blaming(name, `making its ${contract}`, async () => make(context, options));
  if (part === undefined && contract === 'gate') return undefined;
  const missing = methods[contract].find((method) => typeof part?.[method] !== 'function');
  if (missing !== undefined) throw misbehaved(name, `its ${contract} has no method \`${String(missing)}\``);
  if (contract === 'taskSource')
    return blamedSource(name, part as unknown as TaskSource) as unknown as Part<C>;
  if (contract === 'separator')
    return blamedSeparator(name, part as unknown as Separator) as unknown as Part<C>;
  return part;
}

// A step of a run that throws fails its task, and says so. These two are asked outside of any task.
function blamedSource(name: string, source: TaskSource): TaskSource {
  return {
    name: source.name,
    load: (request) => blaming(name, 'in load()', async () => source.load(request)),
    normaliseId: (id) => source.normaliseId?.(id) ?? id,
    ...(source.markDone && {
      markDone: (request) =>
        blaming(name, 'in markDone()', async () => (await source.markDone?.(request)) ?? []),
    }),
  };
}

function blamedSeparator(name: string, separator: Separator): Separator {
  return {
    name: separator.name,
    separate: (request) => blaming(name, 'in separate()', async () => separator.separate(request)),
  };
}
