import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommitId, defined, type ExpireRequest, type Expiry, privateModes } from '@pwt/core';
import { Containment, deleteRef, dropRefs, type Git, listSnapshots } from '@pwt/git';
import type { ProviderContext } from './context.js';

const DAY_MS = 24 * 60 * 60_000;

/** A snapshot or an entry of the trash, and how it is deleted. */
interface Item {
  /** Its name in the list of what was listed; unique for ever. */
  readonly key: string;
  readonly about: Pick<Expiry, 'kind' | 'name' | 'runId' | 'taskId' | 'since'>;
  readonly delete: () => Promise<unknown>;
}

/**
 * Deletes snapshots that are contained in their target, and what is old enough and was listed by an earlier call.
 * Everything else is listed, with the time from which the next call deletes it.
 *
 * What was listed is recorded in a file: without that file nothing is deleted.
 */
export async function expire(context: ProviderContext, request: ExpireRequest): Promise<Expiry[]> {
  const { olderThanDays, containedIn = {}, dryRun = false } = request;
  const released = await releaseContained(context.git, containedIn, dryRun);
  const items = (await itemsOf(context)).filter(
    ({ about }) => !released.some(({ name }) => name === about.name),
  );
  const listed = await readListed(context);
  const now = context.now();
  const expiries = items.map(({ key, about }): Expiry => {
    const deletableFrom = about.since + olderThanDays * DAY_MS;
    const isDue = listed.has(key) && deletableFrom <= now;
    return isDue ? { ...about, status: 'deleted' } : { ...about, status: 'listed', deletableFrom };
  });
  if (!dryRun) {
    // Recorded before anything is deleted: what could not be recorded is not deleted the next time either.
    await writeListed(
      context,
      items.map(({ key }) => key),
    );
    for (const [index, item] of items.entries())
      if (expiries[index]?.status === 'deleted') await item.delete();
  }
  return [...released, ...expiries];
}

/** Deletes the snapshots of runs whose content is contained in a commit, given by run. */
export async function releaseContained(
  git: Git,
  containedIn: Readonly<Record<string, CommitId>>,
  dryRun = false,
): Promise<Expiry[]> {
  const released: Expiry[] = [];
  const refs: { readonly ref: string; readonly oldValue: CommitId }[] = [];
  for (const [runId, target] of Object.entries(containedIn)) {
    const contained = new Containment(git, target);
    for (const { ref, commit, taskId, takenAt } of await listSnapshots(git, runId)) {
      if (!(await contained.holds(commit))) continue;
      refs.push({ ref, oldValue: commit });
      released.push({ kind: 'snapshot', name: ref, runId, taskId, since: takenAt, status: 'deleted' });
    }
  }
  if (!dryRun) await dropRefs(git, refs);
  return released;
}

async function itemsOf({ git, trash, records }: ProviderContext): Promise<Item[]> {
  const snapshots = (await listSnapshots(git)).map(({ ref, commit, runId, taskId, takenAt }): Item => {
    const about = { kind: 'snapshot', name: ref, runId, taskId, since: takenAt } as const;
    return { key: `${ref} ${commit}`, about, delete: () => deleteRef(git, { ref, oldValue: commit }) };
  });
  // A record goes last: with one, a whole directory waits for its interrupted removal to go on, work and all.
  const [recorded, damaged] = await Promise.all([records.list(), records.damaged()]);
  const open = new Set(recorded.map(({ workspace }) => workspace.id));
  const settled = (await trash.list()).filter(
    ({ state, workspaceId }) => state !== 'whole' || (damaged.length === 0 && !open.has(workspaceId)),
  );
  const files = settled.map((entry): Item => {
    const [, runId, taskId] = /^([^.]+)\.(.+)$/.exec(entry.workspaceId) ?? [];
    const about = { kind: 'ignored-files', name: entry.path, since: entry.trashedAt } as const;
    const whose = defined({ runId, taskId });
    return { key: entry.path, about: { ...about, ...whose }, delete: () => trash.delete(entry) };
  });
  return [...snapshots, ...files];
}

async function readListed({ stateDir }: ProviderContext): Promise<ReadonlySet<string>> {
  try {
    const names: unknown = JSON.parse(await readFile(join(stateDir, 'listed.json'), 'utf8'));
    return new Set(Array.isArray(names) ? names : []);
  } catch (error) {
    // A damaged list counts as missing: everything is listed again.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return new Set();
    throw error;
  }
}

async function writeListed({ stateDir }: ProviderContext, names: readonly string[]): Promise<void> {
  const file = join(stateDir, 'listed.json');
  const draft = `${file}.tmp`;
  try {
    await writeFile(draft, `${JSON.stringify(names, null, 2)}\n`, { mode: privateModes.file });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
