import { commands } from './commands.js';
import { exitCodeOf, exitCodes } from './exit-code.js';
import type { Io } from './io.js';
import { otherCommand } from './options/before-command.js';
import { parseCommandLine } from './program.js';

/** Runs a command line to its end and returns the exit code. Never throws. */
export async function main(io: Io, version: string, argv: readonly string[]): Promise<number> {
  const json = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined).includes('--json');
  try {
    const other = otherCommand(
      argv,
      commands.map(({ name }) => name),
    );
    if (other !== undefined) {
      const { runPluginCommand } = await import('./plugin-command.js');
      const code = await runPluginCommand(io, other);
      if (code !== undefined) return code;
    }
    const parsed = parseCommandLine(io, version, argv);
    if (!parsed) return exitCodes.ok;
    const command = await parsed.entry.load();
    return await command(parsed.context);
  } catch (error) {
    const { reportError } = await import('./report-error.js');
    reportError(io, error, json);
    return exitCodeOf(error);
  }
}
