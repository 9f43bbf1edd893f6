import { resolve } from 'node:path';
import { defined } from '@pwt/core';
import { Command, CommanderError } from 'commander';
import type { CommandContext } from './command-context.js';
import { type CommandEntry, commands } from './commands.js';
import type { Io } from './io.js';
import { splitAtDashes } from './options/agent-command.js';
import { addSettingFlags, type FlagValues } from './options/config-flags.js';
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
  const { own, agent } = splitAtDashes(argv);
  let parsed: ParsedCommandLine | undefined;
  const program = createProgram(io, version, (entry, args, flags) => {
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
  try {
    program.parse([...own], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    // Help that was not asked for has no message of its own.
    if (error.code === 'commander.help')
      throw usageError(own.length === 0 ? 'No command was given.' : `There is no command ${own.at(-1)}.`);
    throw usageError(error.message.replace(/^error: /, ''));
  }
  return parsed;
}

/** The whole command line as commander sees it. */
export function createProgram(
  io: Pick<Io, 'stdout'>,
  version: string,
  chosen: (entry: CommandEntry, args: readonly string[], flags: FlagValues) => void,
): Command {
  const program = new Command('pwt')
    .description('Run several coding agents at once, each in its own git worktree, and land their work.')
    .version(version, '--version')
    .configureOutput({ writeOut: (text) => void io.stdout.write(text), writeErr: () => undefined })
    .exitOverride()
    .showHelpAfterError(false)
    .helpOption('-h, --help')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 some task did not land, 2 bad usage or configuration, 3 environment, 130 interrupted.',
    );
  for (const entry of commands) {
    const command = program
      .command(`${entry.name}${entry.args === undefined ? '' : ` ${entry.args}`}`)
      .description(entry.description)
      .option('-C, --cwd <directory>', 'Work in this directory.')
      .option('--config <file>', 'Use this configuration file.')
      .option('--json', 'Print JSON for programs.')
      .allowExcessArguments(false);
    for (const [flag, description] of entry.flags ?? []) command.option(flag, description);
    if (entry.settings) addSettingFlags(command);
    command.action((...received: unknown[]) => {
      const positional = received
        .slice(0, -2)
        .flat()
        .filter((value) => value !== undefined) as string[];
      chosen(entry, positional, received.at(-2) as FlagValues);
    });
  }
  return program;
}
