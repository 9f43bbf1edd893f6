import { link, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isPwtError, PwtError, privateModes } from '@pwt/core';

/** Identifies a process, also against a later process with the same pid. */
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
  /** Absolute; the lock is the highest of `<file>.1`, `<file>.2`, … and its directory is made. */
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
 * Each owner has a file with a higher number than the owner before. A complete file is linked into place, so of all
 * processes that see the same owner dead, exactly one creates the next number. The file with the highest number is never
 * removed, so a slow process can't evict the wrong owner: it finds a higher number and gives up.
 *
 * @throws PwtError `PWT_RUN_LOCKED` with the owner in `data` while another live process holds it,
 * `PWT_STATE_UNWRITABLE` if its file can't be made.
 */
export async function acquireRunLock(request: AcquireLockRequest): Promise<HeldLock> {
  try {
    return await acquire(request);
  } catch (cause) {
    if (isPwtError(cause)) throw cause;
    throw new PwtError(
      'PWT_STATE_UNWRITABLE',
      `The lock of the repository can't be taken: ${String(cause)}`,
      {
        place: { path: request.file },
        hint: 'Free disk space, or make the folder writable; `pwt doctor` tells more.',
        cause,
      },
    );
  }
}

async function acquire(request: AcquireLockRequest): Promise<HeldLock> {
  const { file, owner, runId, now, isAlive } = request;
  await mkdir(dirname(file), { recursive: true, mode: privateModes.folder });
  const draft = `${file}-draft-${owner.pid}-${owner.startTime.replace(/[^\w]/g, '_')}`;
  await writeFile(draft, `${JSON.stringify({ ...owner, runId, since: now } satisfies LockRecord)}\n`, {
    flush: true,
    mode: privateModes.file,
  });
  try {
    for (;;) {
      const last = await highest(file);
      const holder = await readRecord(file, last);
      if (holder && (await isAlive(holder))) throw locked(holder, numbered(file, last));
      const mine = last + 1;
      if (!(await tryLink(draft, numbered(file, mine)))) continue;
      if ((await highest(file)) === mine) {
        await removeBelow(file, mine);
        return { release: () => release(numbered(file, mine)) };
      }
      await rm(numbered(file, mine), { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** The owner of the lock, dead or alive; `undefined` if the lock is free. */
export async function readRunLock(file: string): Promise<LockRecord | undefined> {
  return readRecord(file, await highest(file));
}

function numbered(file: string, number: number): string {
  return `${file}.${number}`;
}

async function numbers(file: string): Promise<readonly number[]> {
  const prefix = `${basename(file)}.`;
  let names: string[];
  try {
    names = await readdir(dirname(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const own = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return own.filter((text) => /^[1-9]\d*$/.test(text)).map(Number);
}

async function highest(file: string): Promise<number> {
  return Math.max(0, ...(await numbers(file)));
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

async function removeBelow(file: string, mine: number): Promise<void> {
  for (const number of await numbers(file)) {
    if (number < mine) await rm(join(dirname(file), `${basename(file)}.${number}`), { force: true });
  }
}

/** The file stays, so that its number is never used twice. To empty it takes no disk space. */
async function release(file: string): Promise<void> {
  try {
    await truncate(file);
  } catch (error) {
    // Another process took this one for dead, and owns the lock now.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function readRecord(file: string, number: number): Promise<LockRecord | undefined> {
  if (number === 0) return undefined;
  let text: string;
  try {
    text = await readFile(numbered(file, number), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return parseRecord(text);
}

/** `undefined` for a lock that was released (empty), or whose content can't be read. */
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
      place: { path: file },
      hint: 'Watch it with `pwt status`, stop it with `pwt stop`, or wait until it ends.',
      data: { pid: holder.pid, runId: holder.runId, since: holder.since },
    },
  );
}
