import { noChangeText } from '@pwt/core';
import { stateNoChange } from '@pwt/default';
import type { CommandContext } from '../command-context.js';
import { exitCodes } from '../exit-code.js';
import { oneLine } from '../format/text.js';
import { printJson, printLine } from '../io.js';
import { usageError } from '../options/usage.js';
import { SCHEMA_VERSION } from '../report-error.js';

/** `pwt done`: an agent states from its worktree that its task needs no change. */
export async function done({ io, json, flags, cwd }: CommandContext): Promise<number> {
  if (flags.change !== false)
    throw usageError(
      'To state that a task needs no change: pwt done --no-change -m and why. Work that is done needs no word: commit it, and end.',
    );
  const reason = typeof flags.message === 'string' ? flags.message.trim() : '';
  if (reason === '')
    throw usageError('Say why nothing has to be changed: pwt done --no-change takes -m and a sentence.');
  const stated = await stateNoChange({ cwd, env: io.env, reason });
  if (json) printJson(io, { schemaVersion: SCHEMA_VERSION, ...stated });
  else {
    const instead = stated.before === undefined ? '' : ` In place of: ${oneLine(stated.before)}`;
    printLine(io, `Task ${stated.taskId}: ${oneLine(noChangeText(stated.noChange))}${instead}`);
    printLine(io, 'That is on record. It counts when you end now, with nothing changed.');
  }
  return exitCodes.ok;
}
