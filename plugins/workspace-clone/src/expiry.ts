import { readFile, rename, writeFile } from 'node:fs/promises';
import type { ExpireRequest, Expiry } from '@pwt/core';
import { Containment, deleteRef, type Git, listSnapshots } from '@pwt/git';
import type { CloneTrash } from './clone-trash.js';

const DAY_MS = 24 * 60 * 60_000;

interface Kept {
  readonly about: Pick<Expiry, 'kind' | 'name' | 'runId' | 'taskId' | 'since'>;
  readonly isSafe: boolean;
  readonly delete: () => Promise<unknown>;
}

/**
 * Deletes snapshots that are contained in their target, and what is old enough and was listed by an earlier call;
 * lists the rest.
 *
 * @param listedFile remembers what was listed
 */
export async function expire(
  project: Git,
  trash: CloneTrash,
  listedFile: string,
  { olderThanDays, containedIn = {}, dryRun = false }: ExpireRequest,
): Promise<Expiry[]> {
  const kept = [...(await snapshotsOf(project, containedIn)), ...(await filesOf(trash))];
  const listed = new Set(await readListed(listedFile));
  const expiries = kept.map(({ about, isSafe }): Expiry => {
    const deletableFrom = about.since + olderThanDays * DAY_MS;
    const isDue = isSafe || (listed.has(about.name) && deletableFrom <= Date.now());
    return isDue ? { ...about, status: 'deleted' } : { ...about, status: 'listed', deletableFrom };
  });
  if (dryRun) return expiries;
  const left = expiries.filter(({ status }) => status === 'listed').map(({ name }) => name);
  await writeFile(`${listedFile}.tmp`, `${JSON.stringify(left)}\n`);
  await rename(`${listedFile}.tmp`, listedFile);
  for (const [index, item] of kept.entries()) if (expiries[index]?.status === 'deleted') await item.delete();
  return expiries;
}

async function snapshotsOf(
  project: Git,
  containedIn: Readonly<Record<string, string>>,
): Promise<readonly Kept[]> {
  const targets = new Map(
    Object.entries(containedIn).map(([runId, id]) => [runId, new Containment(project, id)]),
  );
  const found: Kept[] = [];
  for (const { ref, commit, runId, taskId, takenAt } of await listSnapshots(project)) {
    const target = targets.get(runId);
    found.push({
      about: { kind: 'snapshot', name: ref, runId, taskId, since: takenAt },
      isSafe: target !== undefined && (await target.holds(commit)),
      delete: () => deleteRef(project, { ref, oldValue: commit }),
    });
  }
  return found;
}

async function filesOf(trash: CloneTrash): Promise<readonly Kept[]> {
  return (await trash.list()).map(({ path, since }) => ({
    about: { kind: 'ignored-files', name: path, since },
    isSafe: false,
    delete: () => trash.delete(path),
  }));
}

async function readListed(file: string): Promise<readonly string[]> {
  try {
    const names: unknown = JSON.parse(await readFile(file, 'utf8'));
    return Array.isArray(names) ? names : [];
  } catch (error) {
    // Nothing was listed, as far as can be known: everything is listed again first.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return [];
    throw error;
  }
}
