import type { WorkspaceProvider } from '@pwt/core';
import type { Environment } from '../project/project.js';
import { temporaryFolderNote } from '../run/temporary-folder.js';
import { type Check, failed } from './check.js';

/** Whether worktrees can be made where they are to be, and what `TMPDIR` is good for. Nothing if all is well. */
export async function checkPlaces(provider: WorkspaceProvider, env: Environment): Promise<Check[]> {
  const places = await Promise.resolve(provider.check?.()).then(
    () => [],
    (error: unknown) => [failed('places', error)],
  );
  const temporary = (await temporaryFolderNote(env)).map(
    ({ message, hint }): Check => ({
      name: 'tmpdir',
      status: 'warning',
      message,
      ...(hint === undefined ? {} : { fix: hint }),
    }),
  );
  return [...places, ...temporary];
}
