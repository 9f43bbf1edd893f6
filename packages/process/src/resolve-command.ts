import { constants } from 'node:fs';
import { access, type FileHandle, open, stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { PwtError, shellQuote } from '@pwt/core';

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
  let refused: Refusal | undefined;
  for (const path of candidates) {
    const found = await examine(path);
    if (found === 'executable') return path;
    if (found !== 'missing') refused ??= found;
  }
  if (refused !== undefined) {
    throw new PwtError('PWT_COMMAND_NOT_EXECUTABLE', refused.message, {
      hint: refused.hint,
      data: { command, path: refused.path, cwd },
    });
  }
  throw new PwtError('PWT_COMMAND_NOT_FOUND', `The command ${JSON.stringify(command)} was not found.`, {
    hint: command.includes('/')
      ? `Check the path; it is relative to ${cwd}.`
      : 'Install it, or give its absolute path; these folders of PATH were searched.',
    data: { command, cwd, searched: candidates },
  });
}

interface Refusal {
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

function candidatePaths(command: string, cwd: string, path: string): string[] {
  if (command === '' || command.includes('\0')) return [];
  if (command.includes('/')) return [resolve(cwd, command)];
  return path.split(delimiter).map((folder) => resolve(cwd, folder, command));
}

async function examine(path: string): Promise<'executable' | 'missing' | Refusal> {
  try {
    if (!(await stat(path)).isFile()) return 'missing';
  } catch {
    // Whatever hides it (missing, no permission on a folder, a loop of links): this entry of PATH has none.
    return 'missing';
  }
  if (!(await canExecute(path))) {
    const hint = `Run: chmod +x ${shellQuote(path)}`;
    return { path, message: `${path} exists but may not be executed.`, hint };
  }
  const interpreter = await interpreterOf(path);
  if (interpreter !== undefined && !(await canExecute(interpreter))) {
    const message = `${path} wants the interpreter ${interpreter}, which is missing or not executable.`;
    return { path, message, hint: 'Install the interpreter, or correct the first line of the file.' };
  }
  return 'executable';
}

function canExecute(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The absolute path behind `#!`. A missing one makes the kernel say that the *program* does not exist. */
async function interpreterOf(path: string): Promise<string | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    // A program may be executable without being readable.
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return undefined;
    throw error;
  }
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0);
    return /^#![ \t]*(\/[^\s]*)/.exec(buffer.toString('utf8', 0, bytesRead))?.[1];
  } finally {
    await file.close();
  }
}
