import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { PwtError } from '@pwt/core';

/**
 * Checks what the system would only misreport: relative paths, NUL bytes, a missing working directory.
 *
 * @throws PwtError `PWT_PROCESS_BAD_REQUEST`
 */
export async function assertCommandRequest(request: {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly paths: Readonly<Record<string, string | undefined>>;
}): Promise<void> {
  for (const [name, path] of Object.entries({ cwd: request.cwd, ...request.paths })) {
    if (path !== undefined && !isAbsolute(path))
      throw badRequest(`${name} must be absolute: ${path}`, { name, path });
  }
  if (request.args.some((arg) => arg.includes('\0'))) {
    throw badRequest('An argument holds a NUL byte, which no program can be given.', {});
  }
  const isDirectory = await stat(request.cwd).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isDirectory) throw badRequest(`There is no directory ${request.cwd} to run in.`, { cwd: request.cwd });
}

function badRequest(message: string, data: Record<string, unknown>): PwtError {
  return new PwtError('PWT_PROCESS_BAD_REQUEST', message, {
    hint: 'The caller passed a request that cannot be carried out; nothing was started.',
    data,
  });
}
