import { realpath } from 'node:fs/promises';
import type { Workspace } from '@pwt/core';
import { recordsIn } from './records.js';

/**
 * The task's workspace at this place, by the records.
 *
 * @param topLevel the top of a working tree
 * @returns `undefined` if no task has its workspace there
 */
export async function workspaceAt(stateDir: string, topLevel: string): Promise<Workspace | undefined> {
  const place = await realpath(topLevel);
  for (const { workspace, state } of await recordsIn(stateDir).list()) {
    if (workspace.kind !== 'task' || state !== 'ready') continue;
    const path = await realpath(workspace.path).catch(() => undefined);
    if (path === place) return workspace;
  }
  return undefined;
}
