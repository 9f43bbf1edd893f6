import type { CommandContext } from '../command-context.js';
import { completionScript } from '../completion/scripts.js';
import { shells } from '../completion/shells.js';
import { exitCodes } from '../exit-code.js';
import { enumerate } from '../format/lists.js';
import { printJson } from '../io.js';
import { usageError } from '../options/usage.js';
import { SCHEMA_VERSION } from '../report-error.js';

/** `pwt completion`: what a shell runs at its start, so that it completes commands, flags and ids. */
export async function completion({ io, args, json }: CommandContext): Promise<number> {
  const shell = shells.find((one) => one === args[0]);
  if (shell === undefined)
    throw usageError(`pwt completes for ${enumerate(shells)}, not for ${JSON.stringify(args[0])}.`);
  const script = completionScript(shell);
  if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, shell, script });
  else io.stdout.write(script);
  return exitCodes.ok;
}
