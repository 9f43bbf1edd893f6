import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { PwtError } from '@pwt/core';

/** Where a command is looked for. */
export interface CommandPlace {
  /** Absolute. A command with a slash, and relative entries of PATH, are relative to it. */
  readonly cwd: string;
  /** The child's environment: its PATH counts, not ours. Without one: `/usr/bin:/bin`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The absolute path of the program that `command` means, as a shell in `cwd` would find it.
 *
 * Looked up before anything starts, so that a missing program is never confused with a program that itself
 * exits with 127 or 126.
 *
 * @throws PwtError `PWT_COMMAND_NOT_FOUND`
 * @throws PwtError `PWT_COMMAND_NOT_EXECUTABLE`
 */
export async function resolveCommand(command: string, { cwd, env }: CommandPlace): Promise<string> {
  const candidates = candidatePaths(command, cwd, env.PATH ?? '/usr/bin:/bin');
  let refused: string | undefined;
  for (const path of candidates) {
    const kind = await programKind(path);
    if (kind === 'executable') return path;
    if (kind === 'refused') refused ??= path;
  }
  if (refused !== undefined) {
    throw new PwtError('PWT_COMMAND_NOT_EXECUTABLE', `${refused} exists but is not an executable file.`, {
      hint: `Run: chmod +x ${JSON.stringify(refused)}`,
      data: { command, path: refused, cwd },
    });
  }
  throw new PwtError('PWT_COMMAND_NOT_FOUND', `The command ${JSON.stringify(command)} was not found.`, {
    hint: command.includes('/')
      ? `Check the path; it is relative to ${cwd}.`
      : 'Install it, or give its absolute path; these folders of PATH were searched.',
    data: { command, cwd, searched: candidates },
  });
}

function candidatePaths(command: string, cwd: string, path: string): string[] {
  if (command === '' || command.includes('\0')) return [];
  if (command.includes('/')) return [resolve(cwd, command)];
  return path.split(delimiter).map((folder) => resolve(cwd, folder, command));
}

async function programKind(path: string): Promise<'executable' | 'refused' | 'missing'> {
  try {
    if (!(await stat(path)).isFile()) return 'missing';
  } catch {
    // Whatever hides it (missing, no permission on a folder, a loop of links): this entry of PATH has none.
    return 'missing';
  }
  return access(path, constants.X_OK).then(
    () => 'executable',
    () => 'refused',
  );
}
