import { misbehaved, type PluginCheck } from '@pwt/core';
import type { Composition } from '../composition/composition.js';
import { pluginContext } from '../composition/plugin-parts.js';
import { blaming } from '../composition/plugins/blaming.js';
import type { LoadedPlugin } from '../composition/plugins/load-plugins.js';
import { type Check, failed } from './check.js';

/** What each plugin finds out about what it needs. */
export async function checkPlugins({ project, config, plugins }: Composition): Promise<Check[]> {
  const said: string[] = [];
  const context = pluginContext({ project, config, plugins, warn: (message) => void said.push(message) });
  const checks: Check[] = [];
  for (const loaded of plugins) {
    try {
      checks.push(...(await examined(loaded, context)));
    } catch (error) {
      checks.push(failed('plugins', error));
    }
  }
  return [...said.map((message): Check => ({ name: 'plugins', status: 'warning', message })), ...checks];
}

async function examined(
  { plugin, options }: LoadedPlugin,
  context: ReturnType<typeof pluginContext>,
): Promise<readonly PluginCheck[]> {
  const { examine } = plugin;
  if (examine === undefined) return [];
  const name = `the plugin ${plugin.name}`;
  const checks = await blaming(name, 'in examine()', async () => examine(context, options));
  if (Array.isArray(checks) && checks.every(isCheck)) return checks;
  throw misbehaved(name, 'examine() must return a list of checks, each with "name", "status" and "message"');
}

const STATUSES: readonly unknown[] = ['ok', 'note', 'warning', 'problem'];

function isCheck(value: Partial<PluginCheck> | null): value is PluginCheck {
  return (
    typeof value?.name === 'string' &&
    STATUSES.includes(value.status) &&
    typeof value.message === 'string' &&
    (value.fix === undefined || typeof value.fix === 'string')
  );
}
