import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RepositoryRecord } from '@pwt/core';
import { privateModes } from '@pwt/core';

/** Raised when the shape of a record changes: an older one is then not understood, and not guessed at. */
const VERSION = 1;

/** Writes a record atomically and readable by the user alone: it says what they have edited. */
export async function writeRecord(file: string, record: RepositoryRecord): Promise<void> {
  const fresh = `${file}.new`;
  await mkdir(dirname(file), { recursive: true, mode: privateModes.folder });
  await writeFile(fresh, JSON.stringify({ v: VERSION, ...record }), { mode: privateModes.file });
  await rename(fresh, file);
}

/** Reads a record; `undefined` if there is none, or none that this version has written. */
export async function readRecord(file: string): Promise<RepositoryRecord | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const { v, ...record } = parse(text);
  return v === VERSION && ['start', 'last', 'reported'].every((key) => isRecord(record[key]))
    ? (record as unknown as RepositoryRecord)
    : undefined;
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    // A machine that lost power: the run then compares with what it sees now.
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
