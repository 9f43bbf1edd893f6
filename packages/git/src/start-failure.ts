import { stat } from 'node:fs/promises';
import { PwtError } from '@pwt/core';
import { isNotUtf8 } from './byte-text.js';
import { pathNotUtf8 } from './path-not-utf8.js';

/** Node reports a missing directory and a missing program alike (`ENOENT`): look which it was. */
export async function startFailure(
  gitPath: string,
  cwd: string,
  failed: { readonly code?: string | undefined; readonly cause?: unknown },
): Promise<PwtError> {
  const isDirectory = await stat(cwd).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  const { cause } = failed;
  if (!isDirectory && isNotUtf8(cwd)) return pathNotUtf8(cwd);
  if (!isDirectory) {
    return new PwtError('PWT_CWD_NOT_FOUND', `${cwd} is not a directory.`, {
      hint: 'It may have been removed. Go to a folder of the repository, or name one: pwt -C <folder> status',
      data: { cwd },
      cause,
    });
  }
  return new PwtError(
    'PWT_GIT_NOT_FOUND',
    `Cannot start git (${gitPath}): ${failed.code ?? 'unknown reason'}.`,
    {
      hint: 'Install git, or put it on the PATH.',
      data: { gitPath, code: failed.code ?? null },
      cause,
    },
  );
}
