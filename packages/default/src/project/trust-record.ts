import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { privateModes } from '@pwt/core';
import type { ConfigEntry } from '@pwt/git';

/** Where a repository's trusted configuration is kept, and the mirrors that git works through. */
export interface TrustPlace {
  /** The user's own folder, outside every repository; or the repository's state directory. Absolute. */
  readonly trustDir: string;
  readonly commonDir: string;
}

interface TrustRecord {
  readonly v: 1;
  readonly repository: string;
  readonly config: readonly ConfigEntry[];
}

/** A folder of this repository's own, named by a hash of where it is. */
export function trustFolder({ trustDir, commonDir }: TrustPlace): string {
  return join(trustDir, 'trust', createHash('sha256').update(commonDir).digest('hex').slice(0, 32));
}

/** The configuration that the newest run of the repository started with; `undefined` if none is recorded. */
export async function readTrusted(place: TrustPlace): Promise<readonly ConfigEntry[] | undefined> {
  try {
    const record = JSON.parse(await readFile(recordFile(place), 'utf8')) as Partial<TrustRecord>;
    return record.v === 1 && Array.isArray(record.config) ? record.config : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Records the configuration that a run starts with. */
export async function writeTrusted(place: TrustPlace, config: readonly ConfigEntry[]): Promise<void> {
  const file = recordFile(place);
  const record: TrustRecord = { v: 1, repository: place.commonDir, config };
  await mkdir(dirname(file), { recursive: true, mode: privateModes.folder });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(record, null, 1)}\n`, { mode: privateModes.file });
  await rename(draft, file);
}

function recordFile(place: TrustPlace): string {
  return join(trustFolder(place), 'config.json');
}
