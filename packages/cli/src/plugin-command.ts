import { resolve } from 'node:path';
import { isPwtError, type PluginCommandRequest } from '@pwt/core';
import { createCoordinator, type FoundCommand, type PwtCoordinator } from '@pwt/default';
import { bundledPlugins } from './bundled-plugins.js';
import type { Io } from './io.js';
import type { OtherCommand } from './options/before-command.js';
import { usageError } from './options/usage.js';
import { userState } from './user-state.js';

/** What the plugins of a project add to `pwt`, and what kept some of it from being known. */
export interface PluginCommands {
  readonly commands: readonly FoundCommand[];
  readonly leftOut: readonly string[];
}

/**
 * Does something with the commands of the plugins that the project in a folder names. Code of the repository that has not been
 * approved is left out, without a question.
 *
 * @returns what `body` returns; `undefined` where there is no project, or none that names a plugin
 */
export async function withPluginCommands<T>(
  io: Pick<Io, 'cwd' | 'env' | 'pwt' | 'stderr'>,
  { cwd = '.', config }: Pick<OtherCommand, 'cwd' | 'config'>,
  body: (found: PluginCommands) => Promise<T>,
): Promise<T | undefined> {
  const leftOut: string[] = [];
  const place = resolve(io.cwd, cwd);
  const { trustDir, approvals } = userState(io.env);
  let isRunning = false;
  let coordinator: PwtCoordinator | undefined;
  try {
    coordinator = await createCoordinator({
      ...{ cwd: place, env: io.env, trustDir, bundledPlugins },
      approvals: { ...approvals, unapprovedCode: 'skip' },
      onWarning: (message) => void (isRunning ? io.stderr.write(`${message}\n`) : leftOut.push(message)),
      ...(config === undefined ? {} : { configFile: resolve(place, config) }),
    });
    if (coordinator.config.plugins.length === 0 && leftOut.length === 0) return undefined;
    const commands = await coordinator.pluginCommands();
    isRunning = true;
    return await body({ commands, leftOut });
  } catch (error) {
    if (isRunning || !isPwtError(error)) throw error;
    if (error.code === 'PWT_NOT_A_REPOSITORY') return undefined;
    return await body({ commands: [], leftOut: [...leftOut, error.message] });
  } finally {
    await coordinator?.dispose();
  }
}

/**
 * Runs a command that is none of pwt's own, if a plugin of the project has it.
 *
 * @returns its exit code; `undefined` where nothing is known of such a command
 * @throws PwtError `PWT_USAGE` where a plugin that may have it could not be looked at
 */
export async function runPluginCommand(io: Io, other: OtherCommand): Promise<number | undefined> {
  return withPluginCommands(io, other, async ({ commands, leftOut }) => {
    const found = commands.find(({ name }) => name === other.name);
    if (found === undefined) {
      if (leftOut.length === 0) return undefined;
      throw usageError(`unknown command '${other.name}'`, leftOut.join(' '));
    }
    return found.run({ argv: other.argv, ...outputOf(io) });
  });
}

/** Where a command of a plugin prints. */
export function outputOf(io: Pick<Io, 'stdout' | 'stderr'>): Pick<PluginCommandRequest, 'stdout' | 'stderr'> {
  return {
    stdout: (text) => void io.stdout.write(text),
    stderr: (text) => void io.stderr.write(text),
  };
}
