import { defined } from '@pwt/core';
import { decodeText } from '../byte-text.js';
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

/** What a commit says, besides its place. */
export interface CommitText extends CommitObject {
  /** Name, address and time as they stand there. */
  readonly author: string;
  readonly message: string;
  /** Absent for UTF-8. */
  readonly encoding?: string;
}

/** `null` if there is no such commit. */
export async function readCommitText(objects: ObjectReader, id: string): Promise<CommitText | null> {
  const object = await objects.read(id);
  if (object?.type !== 'commit') return null;
  const { content } = object;
  const end = content.indexOf('\n\n');
  const header = decodeText(content.subarray(0, end === -1 ? undefined : end)).split('\n');
  const value = (key: string) => header.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1);
  const message = end === -1 ? '' : decodeText(content.subarray(end + 2));
  return {
    ...commitOf(object),
    author: value('author') ?? '',
    message,
    ...defined({ encoding: value('encoding') }),
  };
}

function commitOf({ content }: StoredObject): CommitObject {
  const end = content.indexOf('\n\n');
  const header = content.toString('latin1', 0, end === -1 ? undefined : end).split('\n');
  const values = (key: string) =>
    header.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return { tree: values('tree')[0] ?? '', parents: values('parent') };
}
