import { resolve } from 'node:path';
import { defined } from '@pwt/core';
import { CommanderError } from 'commander';
import { bundledCommands } from './bundled-plugins.js';
import type { CommandContext } from './command-context.js';
import { type CommandEntry, commands } from './commands.js';
import { createProgram } from './create-program.js';
import type { Io } from './io.js';
import { splitAtDashes } from './options/agent-command.js';
import { behindCommand } from './options/before-command.js';
import { writtenFromFlags } from './options/settings-flags.js';
import { usageError } from './options/usage.js';

export interface ParsedCommandLine {
  readonly entry: CommandEntry;
  readonly context: CommandContext;
}

/**
 * Reads a command line.
 *
 * @returns `undefined` when help was asked for and has been printed
 * @throws PwtError `PWT_USAGE`
 */
export function parseCommandLine(
  io: Io,
  version: string,
  argv: readonly string[],
): ParsedCommandLine | undefined {
  const { own: written, agent } = splitAtDashes(argv);
  const own = behindCommand(written);
  let parsed: ParsedCommandLine | undefined;
  const program = createProgram({ io, version, commands }, (entry, args, flags) => {
    if (agent !== undefined && !entry.agentCommand)
      throw usageError(`pwt ${entry.name} takes no command after \`--\`.`);
    const context: CommandContext = {
      io,
      cwd: resolve(io.cwd, typeof flags.cwd === 'string' ? flags.cwd : '.'),
      args,
      flags,
      json: flags.json === true,
      ...defined({ worksWithoutCode: entry.worksWithoutCode }),
      settings: entry.settings ? writtenFromFlags(flags, agent) : {},
    };
    parsed = { entry, context };
  });
  if (own.length === 0 && agent === undefined) {
    program.outputHelp();
    return undefined;
  }
  try {
    program.parse([...own], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    // Help that was not asked for has no message of its own.
    if (error.code === 'commander.help') throw usageError(`There is no command ${own.at(-1)}.`);
    throw usageError(error.message.replace(/^error: /, '').replace(/\n\((.*)\)$/s, '. $1'), helpOf(own[0]));
  }
  return parsed;
}

/** Where the flags of a command are described, or where a command comes from; `undefined` for any other word. */
function helpOf(name: string | undefined): string | undefined {
  const bundled = bundledCommands.find((one) => one.name === name);
  if (bundled !== undefined)
    return `It comes with the plugin ${bundled.plugin}: name that under \`plugins\` in the configuration of a repository, and call it there.`;
  return commands.some((entry) => entry.name === name) ? `See: pwt ${name} --help` : undefined;
}
