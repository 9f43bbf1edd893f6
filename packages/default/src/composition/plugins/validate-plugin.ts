import { PLUGIN_API_VERSION, PwtError, type PwtPlugin } from '@pwt/core';

type Contract = keyof PwtPlugin['provides'];

/** A contract that only one implementation can have in a composition. */
export type SingleContract = Exclude<Contract, 'taskSource' | 'eventSink'>;

export const singleContracts: readonly SingleContract[] = [
  'separator',
  'workspaceProvider',
  'agentLauncher',
  'merger',
  'gate',
  'resourceMonitor',
  'repositoryObserver',
  'radar',
];

/** The contracts to which every plugin adds one. */
const addedContracts: readonly Contract[] = ['taskSource', 'eventSink'];

/**
 * Checks what a plugin module exports.
 *
 * @throws PwtError `PWT_PLUGIN_INVALID` for any other shape, `PWT_PLUGIN_API_VERSION` for another version
 */
export function validatePlugin(module: unknown, reference: string): PwtPlugin {
  const plugin = isRecord(module) ? module.plugin : undefined;
  const invalid = (message: string): PwtError =>
    new PwtError('PWT_PLUGIN_INVALID', `The plugin ${reference} ${message}.`, {
      hint: 'A plugin module exports exactly: export const plugin = definePlugin({ name, apiVersion, provides })',
      data: { plugin: reference },
    });
  if (!isRecord(plugin)) throw invalid('does not export `plugin`');
  const { name, apiVersion, provides } = plugin;
  if (typeof name !== 'string' || name === '') throw invalid('has no name');
  if (apiVersion !== PLUGIN_API_VERSION) throw wrongVersion(name, reference, apiVersion);
  if (!isRecord(provides)) throw invalid('does not say what it provides');
  const known: readonly string[] = [...singleContracts, ...addedContracts];
  for (const [contract, factory] of Object.entries(provides)) {
    if (!known.includes(contract)) throw invalid(`provides an unknown contract, \`${contract}\``);
    if (typeof factory !== 'function') throw invalid(`provides a \`${contract}\` that is not a function`);
  }
  if (Object.keys(provides).length === 0) throw invalid('provides nothing');
  return plugin as unknown as PwtPlugin;
}

function wrongVersion(name: string, reference: string, apiVersion: unknown): PwtError {
  return new PwtError(
    'PWT_PLUGIN_API_VERSION',
    `The plugin ${name} (${reference}) speaks version ${String(apiVersion)} of the plugin contract; this pwt speaks ${PLUGIN_API_VERSION}.`,
    {
      hint: 'Install a version of the plugin that fits this pwt. If it is your own: docs/errors.md says under PWT_PLUGIN_API_VERSION what has changed.',
      data: { plugin: name, apiVersion },
    },
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
