import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const PREFIX = 'pwt-tmp-';
/** A process that cannot be seen from here (in another container, say) is given this long to end. */
const ABANDONED_AFTER_MS = 60 * 60_000;

const swept = new Map<string, Promise<void>>();

/**
 * Runs an action with a folder of its own inside a git directory, which is gone afterwards.
 *
 * Whatever can be done in a repository can be done there: nothing hangs on `TMPDIR`, which may name a folder that
 * is missing, full, or on a file system without room. What a killed process has left there is deleted by the next one that
 * needs a folder there; an hour later, where it may have run in another container.
 */
export async function withTemporaryFolder<T>(
  gitDir: string,
  action: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await openTemporaryFolder(gitDir);
  try {
    return await action(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A folder as {@link withTemporaryFolder} gives it, which the caller deletes. */
export async function openTemporaryFolder(gitDir: string): Promise<string> {
  if (!swept.has(gitDir)) swept.set(gitDir, sweep(gitDir));
  await swept.get(gitDir);
  return mkdtemp(join(gitDir, `${PREFIX}${process.pid}-${await readHere()}-`));
}

let here: Promise<string> | undefined;

/** What all processes that can be seen from here have in common: this start of the system, and on Linux the container. */
function readHere(): Promise<string> {
  here ??= Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'latin1'),
    readlink('/proc/self/ns/pid'),
  ]).then(
    (parts) => createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 12),
    // Nothing tells: nobody else is like this.
    () => 'unknown',
  );
  return here;
}

async function sweep(gitDir: string): Promise<void> {
  for (const name of (await readdir(gitDir)).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(gitDir, name);
    const [pid = '', place = ''] = name.slice(PREFIX.length).split('-');
    const isSeen = place !== 'unknown' && place === (await readHere());
    const age = Date.now() - (await stat(folder).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if ((!isSeen && age < ABANDONED_AFTER_MS) || isAlive(Number.parseInt(pid, 10))) continue;
    await rm(folder, { recursive: true, force: true }).catch(onlyDenied);
  }
}

/** That of another user (`sudo pwt`) stays, and is in no way. */
function onlyDenied(error: NodeJS.ErrnoException): void {
  if (!['EACCES', 'EPERM'].includes(error.code ?? '')) throw error;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
