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

/** How a command of a plugin may be called: it is typed behind `pwt`. */
const COMMAND_NAME = /^[a-z][a-z0-9-]{0,39}$/;

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
  const { name, apiVersion, provides, commands = {}, examine } = plugin;
  if (typeof name !== 'string' || name === '') throw invalid('has no name');
  if (apiVersion !== PLUGIN_API_VERSION) throw wrongVersion(name, reference, apiVersion);
  if (!isRecord(provides)) throw invalid('does not say what it provides');
  const known: readonly string[] = [...singleContracts, ...addedContracts];
  for (const [contract, factory] of Object.entries(provides)) {
    if (!known.includes(contract)) throw invalid(`provides an unknown contract, \`${contract}\``);
    if (typeof factory !== 'function') throw invalid(`provides a \`${contract}\` that is not a function`);
  }
  if (!isRecord(commands)) throw invalid('has `commands` that are no object');
  for (const [command, what] of Object.entries(commands)) {
    if (!COMMAND_NAME.test(command))
      throw invalid(`has a command \`${command}\`, whose name is not made of a-z, 0-9 and -`);
    if (!isRecord(what) || typeof what.summary !== 'string' || typeof what.run !== 'function')
      throw invalid(`has a command \`${command}\` without \`summary\` and \`run\``);
  }
  if (examine !== undefined && typeof examine !== 'function')
    throw invalid('has an `examine` that is not a function');
  const isEmpty = Object.keys(provides).length === 0 && Object.keys(commands).length === 0;
  if (isEmpty && examine === undefined) throw invalid('provides nothing');
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
