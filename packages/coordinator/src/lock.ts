import { link, mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PwtError } from '@pwt/core';

/** A process as it can be told apart from any later one that gets the same pid. */
export interface LockOwner {
  readonly pid: number;
  /** Opaque; differs between two processes that had the same pid. */
  readonly startTime: string;
  /** Opaque; differs between two boots. */
  readonly bootId: string;
}

export interface LockRecord extends LockOwner {
  readonly runId: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

export interface AcquireLockRequest {
  /** Absolute; its directory is made. */
  readonly file: string;
  readonly owner: LockOwner;
  readonly runId: string;
  readonly now: number;
  readonly isAlive: (owner: LockOwner) => Promise<boolean>;
}

export interface HeldLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a repository, or takes over one whose owner is dead.
 *
 * The record is written beside the lock and linked into place, so a lock is never seen half written, and
 * of two processes that try at the same moment exactly one succeeds. A stale lock is first renamed to a
 * name that only one process can win.
 *
 * @throws PwtError `PWT_RUN_LOCKED` with the owner in `data` while another live process holds it.
 */
export async function acquireRunLock(request: AcquireLockRequest): Promise<HeldLock> {
  const { file, owner, runId, now, isAlive } = request;
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${owner.pid}.${owner.startTime.replace(/[^\w]/g, '_')}`;
  const text = `${JSON.stringify({ ...owner, runId, since: now } satisfies LockRecord)}\n`;
  await writeFile(draft, text, { flush: true });
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (await tryLink(draft, file)) return { release: () => release(file, text) };
      const seen = await readText(file);
      if (seen === undefined) continue;
      const holder = parseRecord(seen);
      if (holder && (await isAlive(holder))) throw locked(holder, file);
      await evict(file, seen, draft);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new PwtError('PWT_RUN_LOCKED', 'Another pwt took the lock of this repository at the same moment.', {
    place: { file },
    hint: 'Try again.',
  });
}

/** Who holds the lock, dead or alive; `undefined` if nobody does. */
export async function readRunLock(file: string): Promise<LockRecord | undefined> {
  const text = await readText(file);
  return text === undefined ? undefined : parseRecord(text);
}

async function tryLink(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a stale lock out of the way; puts it back if it turns out to be somebody's new one. */
async function evict(file: string, seen: string, draft: string): Promise<void> {
  const aside = `${draft}.stale`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readText(aside)) !== seen) await tryLink(aside, file);
  await rm(aside, { force: true });
}

async function release(file: string, text: string): Promise<void> {
  if ((await readText(file)) === text) await unlink(file);
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseRecord(text: string): LockRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<LockRecord>;
    return typeof value.pid === 'number' &&
      typeof value.startTime === 'string' &&
      typeof value.bootId === 'string'
      ? (value as LockRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

function locked(holder: LockRecord, file: string): PwtError {
  return new PwtError(
    'PWT_RUN_LOCKED',
    `Run ${holder.runId} is active in this repository (process ${holder.pid}, since ${new Date(holder.since).toISOString()}).`,
    {
      place: { file },
      hint: 'Watch it with `pwt status`, stop it with `pwt stop`, or wait until it ends.',
      data: { pid: holder.pid, runId: holder.runId, since: holder.since },
    },
  );
}
