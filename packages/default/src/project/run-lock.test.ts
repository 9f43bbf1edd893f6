import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireRunLock } from '@pwt/coordinator';
import { Git } from '@pwt/git';
import { selfIdentity } from '@pwt/process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stopOtherRun } from '../operations/run/stop-other.js';
import type { Project } from './project.js';
import { lockFile, readLockHolder, releaseStaleLock, withRunLock } from './run-lock.js';

let project: Project;
beforeEach(async () => {
  // The lock needs to know of a project only where its state is, and its git.
  const stateDir = await mkdtemp(join(tmpdir(), 'pwt-lock-'));
  project = { stateDir, git: new Git({ cwd: stateDir, env: {} }) } as Project;
});
afterEach(() => rm(project.stateDir, { recursive: true }));

/** A lock of a process that had this pid once, but was another one. */
async function leaveStaleLock(): Promise<void> {
  const owner = { ...selfIdentity(), startTime: 'long ago' };
  await acquireRunLock({ file: lockFile(project), owner, runId: 'old', now: 0, isAlive: async () => true });
}

it('lets one at a time in, and goes when it is done', async () => {
  await withRunLock(project, 'a', async () => {
    expect(await readLockHolder(project)).toMatchObject({ runId: 'a', pid: process.pid, alive: true });
    await expect(withRunLock(project, 'b', async () => undefined)).rejects.toMatchObject({
      code: 'PWT_RUN_LOCKED',
    });
    expect(await releaseStaleLock(project)).toBe(false);
  });
  expect(await readLockHolder(project)).toBeUndefined();
});

it('goes also when the work under it fails', async () => {
  const failing = withRunLock(project, 'a', async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await readLockHolder(project)).toBeUndefined();
});

it('takes over the lock of a dead holder, and signals no other process with its pid', async () => {
  await leaveStaleLock();
  expect(await readLockHolder(project)).toMatchObject({ runId: 'old', alive: false });
  expect(await stopOtherRun(project, 'now')).toBeUndefined();
  expect(await releaseStaleLock(project)).toBe(true);
  expect(await readLockHolder(project)).toBeUndefined();
});
