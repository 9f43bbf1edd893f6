import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommitId, privateModes } from '@pwt/core';
import type { WorkerRepository } from './context.js';

/** Puts on record that this worker has made a commit of what is in a workspace, before it tells anybody. */
export async function noteMade(repository: WorkerRepository, id: string, commit: CommitId): Promise<void> {
  const folder = folderOf(repository, id);
  await mkdir(folder, { recursive: true, mode: privateModes.folder });
  await writeFile(join(folder, commit), '', { mode: privateModes.file });
}

/** A commit alone proves nothing: it comes here as well with what others have made of it. */
export async function hasMade(repository: WorkerRepository, id: string, commit: CommitId): Promise<boolean> {
  try {
    await access(join(folderOf(repository, id), commit));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** The workspace is gone. */
export async function dropMade(repository: WorkerRepository, id: string): Promise<void> {
  await rm(folderOf(repository, id), { recursive: true, force: true });
}

function folderOf({ stateDir }: WorkerRepository, id: string): string {
  return join(stateDir, 'made', id);
}
