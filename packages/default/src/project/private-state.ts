import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { privateModes } from '@pwt/core';

/** Where work of the user's waits: its files have the modes that the user gave them, below a private folder. */
const KEPT_AS_IT_IS = /^(clones-)?trash$/;

/**
 * Makes a state directory of an earlier version of pwt private, with all that is in it. If the directory is private
 * already, so is everything in it, and nothing is done.
 */
export async function makePrivate(stateDir: string): Promise<void> {
  if (((await stat(stateDir)).mode & 0o777) === privateModes.folder) return;
  await makeEntriesPrivate(stateDir);
  // Last: an interrupted call is made again.
  await chmod(stateDir, privateModes.folder);
}

async function makeEntriesPrivate(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    // A link is no place of pwt's own, and its mode is that of what it leads to.
    if (entry.isDirectory()) {
      await chmod(path, privateModes.folder);
      if (!KEPT_AS_IT_IS.test(entry.name)) await makeEntriesPrivate(path);
    } else if (entry.isFile()) {
      await chmod(path, privateModes.file);
    }
  }
}
