import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

/** A file of a process in `/proc`; `undefined` if that process has just ended or belongs to another user. */
export function readProc(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    let length = 0;
    for (;;) {
      const bytes = readSync(file, readBuffer, length, readBuffer.length - length, null);
      length += bytes;
      if (bytes === 0) return Buffer.from(readBuffer.subarray(0, length));
      if (length === readBuffer.length) readBuffer = Buffer.concat([readBuffer], 2 * length);
    }
  } catch (error) {
    if (isOutOfSight(error)) return undefined;
    throw error;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Files in /proc tell no size: a buffer for each of them would cost more than reading it. Grows where one is larger. */
let readBuffer: Buffer = Buffer.alloc(64 * 1024);

export function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (isOutOfSight(error)) return undefined;
    throw error;
  }
}

/** The paths of what a process has open. */
export function openFiles(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((fd) => readLink(`${folder}/${fd}`) ?? []);
  } catch (error) {
    if (isOutOfSight(error)) return [];
    throw error;
  }
}

/** The NUL-separated texts of `cmdline` and `environ`. */
export function textsOf(block: Buffer | undefined): string[] {
  return (block?.toString('utf8') ?? '').split('\0').filter((text) => text !== '');
}

/** The process has just ended, or belongs to another user. */
function isOutOfSight(error: unknown): boolean {
  return ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}
