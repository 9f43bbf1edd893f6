import type { ObjectReader, StoredObject } from './object-reader.js';

/** What a commit says of its place. */
export interface CommitObject {
  readonly tree: string;
  readonly parents: readonly string[];
}

/** `null` if there is no such commit. */
export async function readCommitObject(objects: ObjectReader, id: string): Promise<CommitObject | null> {
  const object = await objects.read(id);
  return object?.type === 'commit' ? commitOf(object) : null;
}

/** The tree of a commit or tree, both by full id; `null` for everything else. */
export async function readTreeId(objects: ObjectReader, id: string): Promise<string | null> {
  const object = await objects.read(id);
  if (object?.type === 'tree') return id;
  return object?.type === 'commit' ? commitOf(object).tree : null;
}

function commitOf({ content }: StoredObject): CommitObject {
  const end = content.indexOf('\n\n');
  const header = content.toString('latin1', 0, end === -1 ? undefined : end).split('\n');
  const values = (key: string) =>
    header.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return { tree: values('tree')[0] ?? '', parents: values('parent') };
}
