import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { privateModes } from '@pwt/core';

/** Replaces a file as a whole, durably: after a crash it holds the old text or the new one, never a part. */
export async function writeDurably(path: string, text: string): Promise<void> {
  await replace(path, text, true);
  await withFile(dirname(path), 'r', (directory) => directory.sync());
}

/**
 * Replaces a file as a whole, for other processes and for what comes after this one. It is not synced: a power cut can
 * leave it empty.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  await replace(path, text, false);
}

async function replace(path: string, text: string, sync: boolean): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    await withFile(temporary, 'wx', async (file) => {
      await file.writeFile(text);
      if (sync) await file.sync();
    });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The text of a file; `undefined` if there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function withFile(
  path: string,
  flags: string,
  use: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags, privateModes.file);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
