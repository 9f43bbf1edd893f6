import { isPwtError, type PluginCheck, type PluginContext } from '@pwt/core';
import { type Engine, engineOf } from '../engine.js';
import { RedisFleet } from '../fleet/redis-fleet.js';
import { examine } from './examine.js';

/** What `pwt doctor` says of the plugin's options, and of all that they name. */
export async function examinePlugin(
  context: PluginContext,
  written: unknown,
): Promise<readonly PluginCheck[]> {
  try {
    return await examined(await engineOf(context, written));
  } catch (error) {
    if (!isPwtError(error)) throw error;
    const { message, hint } = error;
    return [{ name: 'options', status: 'problem', message, ...(hint === undefined ? {} : { fix: hint }) }];
  }
}

/** Over connections of its own, which end with it. */
async function examined({
  options,
  settings,
  repository,
  exchange,
}: Engine): Promise<readonly PluginCheck[]> {
  const { redis, queue, timings } = options;
  const fleet = new RedisFleet({ redis, queue, timings });
  try {
    return await examine({ redis, queue, repository, settings, fleet, exchange });
  } finally {
    await fleet.dispose();
  }
}
