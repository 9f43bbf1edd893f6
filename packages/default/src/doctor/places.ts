import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defined, hasCode, isElsewhere, type WorkspaceProvider } from '@pwt/core';
import { temporaryFolderNote } from '../operations/run/temporary-folder.js';
import type { Environment } from '../project/project.js';
import { type Check, failed } from './check.js';

/** Whether worktrees can be made at their places, and `TMPDIR` can be written to. Empty if so. */
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
      ...defined({ fix: hint }),
    }),
  );
  return [...places, ...temporary];
}

/** Worktrees of tasks that were deleted or cannot be worked in any more, each with the command that helps. */
export async function checkLostWorktrees(provider: WorkspaceProvider): Promise<Check[]> {
  const checks: Check[] = [];
  for (const workspace of await provider.list()) {
    // What is there is not looked into: that takes time.
    if (workspace.kind !== 'task' || isElsewhere(workspace)) continue;
    if (existsSync(join(workspace.path, '.git'))) continue;
    await provider.changes(workspace).catch((error: unknown) => {
      if (!hasCode(error, 'PWT_WORKTREE_BROKEN')) throw error;
      checks.push({ ...failed('worktree', error), status: 'warning' });
    });
  }
  return checks;
}
