import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CommitId, privateModes } from '@pwt/core';
import { isObjectId } from '@pwt/git';
import * as z from 'zod';
import type { WorkerRepository } from '../context.js';
import { dropMade } from '../made.js';

/** How a task's workspace came here. Written when it is whole. */
export interface PlacementNote {
  readonly base: CommitId;
  readonly restored: CommitId | null;
  /** The numbers of the attempts that had been here before: they are none of this workspace's. */
  readonly before: readonly number[];
}

const commit = z.string().refine(isObjectId);
const schema = z.object({
  v: z.literal(1),
  base: commit,
  restored: commit.nullable(),
  before: z.array(z.number()),
});

/** `undefined` where a workspace was begun and not finished. */
export async function readNote(repository: WorkerRepository, id: string): Promise<PlacementNote | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(fileOf(repository, id), 'utf8')));
  } catch (error) {
    const isDamaged = error instanceof SyntaxError || error instanceof z.ZodError;
    if (isDamaged || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeNote(
  repository: WorkerRepository,
  id: string,
  note: PlacementNote,
): Promise<void> {
  const file = fileOf(repository, id);
  await mkdir(dirname(file), { recursive: true, mode: privateModes.folder });
  const draft = `${file}.new`;
  await writeFile(draft, `${JSON.stringify({ v: 1, ...note })}\n`, { mode: privateModes.file });
  await rename(draft, file);
}

/** In milliseconds since the epoch. */
export async function noteWrittenAt(repository: WorkerRepository, id: string): Promise<number | undefined> {
  try {
    return (await stat(fileOf(repository, id))).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function dropNote(repository: WorkerRepository, id: string): Promise<void> {
  await rm(fileOf(repository, id), { force: true });
  await dropMade(repository, id);
}

function fileOf(repository: WorkerRepository, id: string): string {
  return join(repository.stateDir, 'placed', `${id}.json`);
}
