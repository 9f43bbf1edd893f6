import { misbehaved, type PluginCommandRequest } from '@pwt/core';
import { pluginContext } from '../../composition/plugin-parts.js';
import { blaming } from '../../composition/plugins/blaming.js';
import type { OperationContext } from '../operation-context.js';

/** A command that a plugin of the project adds to `pwt`. */
export interface FoundCommand {
  readonly name: string;
  readonly summary: string;
  /** The name of the plugin. */
  readonly plugin: string;
  /** @returns the exit code @throws PwtError `PWT_PLUGIN_FAILED`, `PWT_PLUGIN_MISBEHAVED` */
  run(request: Pick<PluginCommandRequest, 'argv' | 'stdout' | 'stderr'>): Promise<number>;
}

/** The commands of the project's plugins, in the order of the configuration. */
export async function pluginCommands(context: OperationContext): Promise<readonly FoundCommand[]> {
  const { plugins, project, config } = await context.compose();
  const where = pluginContext({ plugins, project, config, warn: context.warn });
  return plugins.flatMap(({ plugin, options }) =>
    Object.entries(plugin.commands ?? {}).map(([name, command]): FoundCommand => {
      const blamed = `the plugin ${plugin.name}`;
      return {
        ...{ name, summary: command.summary, plugin: plugin.name },
        async run(request) {
          const code = await blaming(blamed, `in its command ${name}`, async () =>
            command.run({ ...request, context: where, options }),
          );
          if (Number.isInteger(code) && code >= 0 && code <= 255) return code;
          throw misbehaved(blamed, `its command ${name} must end with an exit code`, { code: String(code) });
        },
      };
    }),
  );
}
