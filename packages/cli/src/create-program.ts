import { Command } from 'commander';
import type { CommandEntry } from './commands.js';
import type { Io } from './io.js';
import { addSettingFlags, type FlagValues } from './options/config-flags.js';

export interface ProgramOptions {
  readonly io: Pick<Io, 'stdout'>;
  readonly version: string;
  readonly commands: readonly CommandEntry[];
}

/** The whole command line as commander sees it. */
export function createProgram(
  { io, version, commands }: ProgramOptions,
  chosen: (entry: CommandEntry, args: readonly string[], flags: FlagValues) => void,
): Command {
  const program = new Command('pwt')
    .description('Run several coding agents at once, each in its own git worktree, and land their work.')
    .version(version, '--version')
    .configureOutput({ writeOut: (text) => void io.stdout.write(text), writeErr: () => undefined })
    .exitOverride()
    .showHelpAfterError(false)
    .helpOption('-h, --help')
    .helpCommand(false)
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 some task did not land,\n  2 bad usage or configuration, 3 environment, 130 interrupted.\nMore, by topic: pwt help',
    );
  for (const entry of commands) {
    const command = program
      .command(`${entry.name}${entry.args === undefined ? '' : ` ${entry.args}`}`)
      .description(entry.description)
      .helpGroup(`${entry.group}:`)
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
