import { defined, type EventSink, type PluginContext, type PwtPlugin, tokens } from '@pwt/core';
import type { ResolvedConfig } from '../config/resolved-config.js';
import type { Project } from '../project/project.js';
import type { Container } from './container.js';
import type { NamedSource } from './parts/named-source.js';
import type { LoadedPlugin } from './plugins/load-plugins.js';
import { makePart } from './plugins/make-part.js';
import { type SingleContract, singleContracts } from './plugins/validate-plugin.js';

/** A project with the plugins that its configuration names. */
export interface PluginRequest {
  readonly project: Project;
  readonly config: ResolvedConfig;
  readonly plugins: readonly LoadedPlugin[];
  /** Where plugins say something to the user. */
  readonly warn: (message: string) => void;
}

/** Who provides a part that only one can provide: a plugin's name, or the built-in one. */
export function providerName(
  plugins: readonly LoadedPlugin[],
  contract: keyof PwtPlugin['provides'],
): string {
  const found = plugins.find(({ plugin }) => plugin.provides[contract] !== undefined);
  return found ? `the plugin ${found.plugin.name}` : `the built-in ${contract}`;
}

/** Puts the parts of a plugin in the place of the built-in ones. */
export function registerPlugin(container: Container, loaded: LoadedPlugin, context: PluginContext): void {
  const { provides } = loaded.plugin;
  const put = <C extends SingleContract>(contract: C) => {
    if (provides[contract])
      container.register<unknown>(tokens[contract], () => makePart(loaded, contract, context));
  };
  for (const contract of singleContracts) put(contract);
}

/** What each plugin adds to the sources of tasks. */
export async function pluginSources(request: PluginRequest): Promise<NamedSource[]> {
  const context = pluginContext(request);
  const made = request.plugins.map(async (loaded): Promise<NamedSource[]> => {
    const source = await makePart(loaded, 'taskSource', context);
    return source ? [{ name: `the plugin ${loaded.plugin.name}`, source }] : [];
  });
  return (await Promise.all(made)).flat();
}

/** What each plugin adds to those that see every event. */
export async function pluginSinks(request: PluginRequest): Promise<EventSink[]> {
  const context = pluginContext(request);
  const made = request.plugins.map((loaded) => makePart(loaded, 'eventSink', context));
  return (await Promise.all(made)).filter((sink) => sink !== undefined);
}

/** What a plugin is told of where it works. */
export function pluginContext({ project, config, warn }: PluginRequest): PluginContext {
  const { root, repository, stateDir, env, git } = project;
  return {
    projectRoot: root,
    gitCommonDir: repository.commonDir,
    stateDir,
    env,
    settings: { ...config },
    warn,
    ...defined({ gitPlace: git.place }),
  };
}
