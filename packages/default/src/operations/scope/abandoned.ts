import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentLauncher, type ProcessIdentity, privateModes, type WorkspaceProvider } from '@pwt/core';
import { isAlive, selfIdentity } from '@pwt/process';
import type { Project } from '../../project/project.js';

/**
 * Where it is kept which agents are asked: for each process that asks some a file that says which one it is, and beside it a
 * folder of the same name. Absolute.
 */
export function scopeFolder({ stateDir }: Pick<Project, 'stateDir'>): string {
  return join(stateDir, 'scope');
}

/** Makes the folder of this process; it is on record before, so that it is found again. */
export async function beginAsking(folder: string, runId: string): Promise<string> {
  const own = join(folder, runId);
  await mkdir(folder, { recursive: true, mode: privateModes.folder });
  const draft = `${own}.tmp`;
  await writeFile(draft, JSON.stringify(selfIdentity()), { mode: privateModes.file });
  await rename(draft, ownerFile(own));
  await mkdir(own, { mode: privateModes.folder });
  return own;
}

/** Removes the folder of a process, and what is on record of it. */
export async function endAsking(own: string): Promise<void> {
  await rm(own, { recursive: true, force: true });
  await rm(ownerFile(own), { force: true });
}

/** Ends the agents of processes that were killed while they asked them, and removes what is left of them. */
export async function endAbandoned({
  folder,
  launcher,
  provider,
}: {
  readonly folder: string;
  readonly launcher: Pick<AgentLauncher, 'attach'>;
  readonly provider: Pick<WorkspaceProvider, 'list' | 'remove' | 'close'>;
}): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!name.endsWith('.json')) continue;
    const runId = name.slice(0, -'.json'.length);
    const left = join(folder, runId);
    if (isAlive(JSON.parse(await readFile(ownerFile(left), 'utf8')) as ProcessIdentity)) continue;
    const workspaces = await provider.list({ runId });
    const [workspace] = workspaces;
    if (workspace !== undefined) {
      for (const at of await namesIn(left)) {
        const limits = { timeoutMs: 0, idleTimeoutMs: 0 };
        const attempt = { runId, taskId: at, number: 1, workspace, stateDir: join(left, at), ...limits };
        await (await launcher.attach(attempt))?.stop();
      }
    }
    const reason = 'nobody waits for its agent any more';
    for (const one of workspaces)
      await provider.remove({ workspace: one, force: ['dirty', 'unmerged'], reason });
    await provider.close?.({ runId });
    await endAsking(left);
  }
}

function ownerFile(own: string): string {
  return `${own}.json`;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}
