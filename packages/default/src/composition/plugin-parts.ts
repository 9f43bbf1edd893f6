import { type EventSink, type PluginContext, type PwtPlugin, type Token, tokens } from '@pwt/core';
import type { Project } from '../project/project.js';
import type { Container } from './container.js';
import type { NamedSource } from './parts/named-source.js';
import type { LoadedPlugin } from './plugins/load-plugins.js';

/** A project with the plugins that its configuration names. */
export interface PluginRequest {
  readonly project: Project;
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
export function registerPlugin(
  container: Container,
  { plugin, options }: LoadedPlugin,
  context: PluginContext,
): void {
  const put = <T>(
    key: Token<T>,
    make: ((context: PluginContext, options: unknown) => T | Promise<T>) | undefined,
  ) => {
    if (make) container.register(key, () => make(context, options));
  };
  const { provides } = plugin;
  put(tokens.separator, provides.separator);
  put(tokens.workspaceProvider, provides.workspaceProvider);
  put(tokens.agentLauncher, provides.agentLauncher);
  put(tokens.merger, provides.merger);
  put(tokens.gate, provides.gate);
  put(tokens.resourceMonitor, provides.resourceMonitor);
  put(tokens.repositoryObserver, provides.repositoryObserver);
}

/** What each plugin adds to the sources of tasks. */
export async function pluginSources(request: PluginRequest): Promise<NamedSource[]> {
  const made = request.plugins.flatMap(({ plugin, options }) => {
    const make = plugin.provides.taskSource;
    return make ? [{ name: `the plugin ${plugin.name}`, make, options }] : [];
  });
  const context = pluginContext(request);
  return Promise.all(
    made.map(async ({ name, make, options }) => ({ name, source: await make(context, options) })),
  );
}

/** What each plugin adds to those that see every event. */
export async function pluginSinks(request: PluginRequest): Promise<EventSink[]> {
  const context = pluginContext(request);
  const made = request.plugins.flatMap(({ plugin, options }) => {
    const make = plugin.provides.eventSink;
    return make ? [make(context, options)] : [];
  });
  return Promise.all(made);
}

/** What a plugin is told of where it works. */
export function pluginContext({ project, warn }: PluginRequest): PluginContext {
  const { root, repository, stateDir, env } = project;
  return { projectRoot: root, gitCommonDir: repository.commonDir, stateDir, env, warn };
}
