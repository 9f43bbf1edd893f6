import { join } from 'node:path';
import type { LockRecord } from '@pwt/coordinator';
import type { Project } from './project.js';

/** The file that locks a repository for one active run. */
export function lockFile(project: Pick<Project, 'stateDir'>): string {
  return join(project.stateDir, 'lock');
}

/**
 * Runs an action while holding the repository's run lock, after the git processes of an earlier pwt have ended and
 * what dead ones have left is removed.
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

/** Releases a lock whose holder is dead. True if there was one; the lock of a live holder is never touched. */
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
