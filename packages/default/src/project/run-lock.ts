import { join } from 'node:path';
import type { LockRecord } from '@pwt/coordinator';
import type { Project } from './project.js';

/** The file by which only one run is active in a repository. */
export function lockFile(project: Pick<Project, 'stateDir'>): string {
  return join(project.stateDir, 'lock');
}

/**
 * Does something while holding the repository's run lock, after git processes that an earlier pwt has left
 * behind have ended, and with what dead ones have left out of the way.
 *
 * @throws PwtError `PWT_RUN_LOCKED` while another live process holds it, `PWT_GIT_STILL_RUNNING`
 */
export async function withRunLock<T>(project: Project, runId: string, body: () => Promise<T>): Promise<T> {
  const { acquireRunLock } = await import('@pwt/coordinator');
  const { isAlive, selfIdentity } = await import('@pwt/process');
  const lock = await acquireRunLock({
    file: lockFile(project),
    owner: selfIdentity(),
    runId,
    now: Date.now(),
    isAlive: async (owner) => isAlive(owner),
  });
  try {
    await project.git.recovery?.settle();
    const result = await body();
    await project.git.recovery?.recover();
    return result;
  } finally {
    await lock.release();
  }
}

/** Takes away a lock whose owner is dead. True if there was one; a live owner's is never touched. */
export async function releaseStaleLock(project: Project): Promise<boolean> {
  const holder = await readLockHolder(project);
  if (holder === undefined || holder.alive) return false;
  await withRunLock(project, holder.runId, async () => undefined);
  return true;
}

/** The holder of the lock, and whether its process still runs; `undefined` if the lock is free. */
export async function readLockHolder(
  project: Pick<Project, 'stateDir'>,
): Promise<(LockRecord & { readonly alive: boolean }) | undefined> {
  const { readRunLock } = await import('@pwt/coordinator');
  const record = await readRunLock(lockFile(project));
  if (!record) return undefined;
  const { isAlive } = await import('@pwt/process');
  return { ...record, alive: isAlive(record) };
}
