import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { PwtError } from '@pwt/core';

/**
 * Checks what the system would only misreport: relative paths, NUL bytes, a missing working directory.
 *
 * @throws PwtError `PWT_PROCESS_BAD_REQUEST`, `PWT_CWD_NOT_FOUND`
 */
export async function assertCommandRequest(request: {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly paths: Readonly<Record<string, string | undefined>>;
}): Promise<void> {
  const { cwd, args, paths } = request;
  for (const [name, path] of Object.entries({ cwd, ...paths })) {
    if (path !== undefined && !isAbsolute(path))
      throw badRequest(`${name} must be absolute: ${path}`, { path });
  }
  if (args.some((arg) => arg.includes('\0'))) {
    throw badRequest('An argument holds a NUL byte, which no program can be given.', {});
  }
  const isDirectory = await stat(cwd).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isDirectory) {
    const hint = 'Check the path; a worktree may have been deleted.';
    throw new PwtError('PWT_CWD_NOT_FOUND', `There is no directory ${cwd} to run in.`, {
      hint,
      data: { cwd },
    });
  }
}

function badRequest(message: string, data: Record<string, unknown>): PwtError {
  const hint = 'This is a mistake of the calling code; nothing was started.';
  return new PwtError('PWT_PROCESS_BAD_REQUEST', message, { hint, data });
}
