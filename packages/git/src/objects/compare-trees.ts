import type { ChangedFile } from '../diff.js';
import type { ObjectReader } from './object-reader.js';
import { FOLDER_MODE, readTree, type TreeEntry } from './tree-entries.js';

/**
 * The paths that differ between two trees, by full id: what `git diff-tree -r --no-renames` says, without a process of
 * its own. Only folders that differ are read.
 */
export async function compareTrees(objects: ObjectReader, from: string, to: string): Promise<ChangedFile[]> {
  const changes = await compareFolders(objects, { from, to, prefix: '' });
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface Folders {
  /** `undefined`: there is none. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly prefix: string;
}

async function compareFolders(objects: ObjectReader, { from, to, prefix }: Folders): Promise<ChangedFile[]> {
  if (from === to) return [];
  const [before, after] = await Promise.all([from, to].map((id) => entriesOf(objects, id)));
  const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  const found: Promise<ChangedFile[]>[] = [];
  for (const name of names) {
    const [old, now] = [before?.get(name), after?.get(name)];
    if (old?.id === now?.id && old?.mode === now?.mode) continue;
    const path = `${prefix}${name}`;
    const folders = { from: folderOf(old), to: folderOf(now), prefix: `${path}/` };
    if (folders.from !== folders.to) found.push(compareFolders(objects, folders));
    const file = changeOf(path, fileOf(old), fileOf(now));
    if (file !== null) found.push(Promise.resolve([file]));
  }
  return (await Promise.all(found)).flat();
}

async function entriesOf(
  objects: ObjectReader,
  id: string | undefined,
): Promise<ReadonlyMap<string, TreeEntry> | undefined> {
  return id === undefined ? undefined : readTree(objects, id);
}

function folderOf(entry: TreeEntry | undefined): string | undefined {
  return entry?.mode === FOLDER_MODE ? entry.id : undefined;
}

function fileOf(entry: TreeEntry | undefined): TreeEntry | undefined {
  return entry?.mode === FOLDER_MODE ? undefined : entry;
}

const NO_MODE = '000000';

function changeOf(path: string, old: TreeEntry | undefined, now: TreeEntry | undefined): ChangedFile | null {
  const known = old ?? now;
  if (known === undefined || (old?.id === now?.id && old?.mode === now?.mode)) return null;
  const noId = '0'.repeat(known.id.length);
  const both = { path, from: null, oldMode: old?.mode ?? NO_MODE, newMode: now?.mode ?? NO_MODE };
  return { ...both, status: statusOf(old, now), oldId: old?.id ?? noId, newId: now?.id ?? noId };
}

function statusOf(old: TreeEntry | undefined, now: TreeEntry | undefined): ChangedFile['status'] {
  if (old === undefined) return 'A';
  if (now === undefined) return 'D';
  // Of a mode, the first digits say whether it is a file, a link or a submodule.
  return old.mode.slice(0, 3) === now.mode.slice(0, 3) ? 'M' : 'T';
}
