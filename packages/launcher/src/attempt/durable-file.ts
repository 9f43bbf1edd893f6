import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { privateModes } from '@pwt/core';

/**
 * Replaces files of one folder, each as a whole: after a crash a file holds the old text or the new one, never a part.
 * Durable when it resolves. The files are synced side by side, and the folder once for all of them.
 *
 * @param texts by the name of the file
 */
export async function writeDurably(folder: string, texts: Readonly<Record<string, string>>): Promise<void> {
  await Promise.all(Object.entries(texts).map(([name, text]) => replace(join(folder, name), text)));
  await withFile(folder, 'r', (directory) => directory.sync());
}

async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    await withFile(temporary, 'wx', async (file) => {
      await file.writeFile(text);
      await file.sync();
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
