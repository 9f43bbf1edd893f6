import { link, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProcessIdentity, PwtError, privateModes, shellQuote } from '@pwt/core';
import { isAlive, selfIdentity } from '@pwt/process';

const NAME = /^lock\.(\d+)$/;

/** A folder that this process has. */
export interface FolderLock {
  /** Another process may have it from now on; so may one that finds this one dead. */
  release(): Promise<void>;
  /** False once the folder was deleted, replaced by another one, or taken by another process. */
  isHeld(): Promise<boolean>;
}

/**
 * Takes a folder for this process, for as long as it lives, or until it is released: a process that was killed has nothing to clear up.
 *
 * Each owner has a file with a higher number than the owner before, linked into place as a whole: of all that see the same owner
 * dead, one gets the next number. The highest number is never removed, so that a slow process can't evict the wrong owner.
 *
 * @throws PwtError `PWT_WORKER_FOLDER_TAKEN` while a live process has it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: privateModes.folder });
  const self = selfIdentity();
  const draft = join(folder, `lock-draft-${self.pid}-${self.startTime.replace(/\W/g, '_')}`);
  const draftText = `${JSON.stringify(self)}\n`;
  await writeFile(draft, draftText, { mode: privateModes.file, flush: true });
  try {
    for (;;) {
      const numbers = await numbersIn(folder);
      const last = Math.max(0, ...numbers);
      const owner = await ownerOf(join(folder, `lock.${last}`));
      if (owner !== undefined && isAlive(owner)) throw taken(folder, owner);
      const own = join(folder, `lock.${last + 1}`);
      if (!(await linked(draft, own))) continue;
      for (const number of numbers) await rm(join(folder, `lock.${number}`), { force: true });
      const isHeld = () => hasText(own, draftText);
      return { isHeld, release: async () => void ((await isHeld()) && (await truncate(own))) };
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function numbersIn(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
}

/** `undefined` if there is none, if it was released, or if a power cut has left it empty. */
async function ownerOf(file: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function hasText(file: string, text: string): Promise<boolean> {
  try {
    return (await readFile(file, 'utf8')) === text;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function taken(folder: string, { pid }: ProcessIdentity): PwtError {
  return new PwtError('PWT_WORKER_FOLDER_TAKEN', `Another worker (process ${pid}) works in ${folder}.`, {
    hint: `Give this one a folder of its own: pwt-worker --state ${shellQuote(`${folder}-2`)}`,
    data: { folder, pid },
  });
}
