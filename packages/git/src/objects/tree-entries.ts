import { PwtError } from '@pwt/core';
import { decodeText } from '../byte-text.js';
import type { ObjectReader } from './object-reader.js';

/** One name in a tree. */
export interface TreeEntry {
  readonly name: string;
  /** In octal, six digits: `040000` is a folder. */
  readonly mode: string;
  readonly id: string;
}

export const FOLDER_MODE = '040000';

/** The entries of a tree by name, in git's order. */
export async function readTree(objects: ObjectReader, id: string): Promise<ReadonlyMap<string, TreeEntry>> {
  const tree = await objects.read(id);
  if (tree?.type === 'tree') return parseTree(tree.content, id.length / 2);
  throw new PwtError('PWT_GIT_FAILED', `There is no tree ${id} in this repository.`, {
    hint: 'See what is missing with: git fsck',
    data: { id },
  });
}

/** `<mode> <name>\0<id in bytes>`, again and again. */
function parseTree(content: Buffer, idBytes: number): ReadonlyMap<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const end = content.indexOf(0, space);
    const mode = content.toString('latin1', at, space).padStart(6, '0');
    const name = decodeText(content.subarray(space + 1, end));
    at = end + 1 + idBytes;
    entries.set(name, { name, mode, id: content.toString('hex', end + 1, at) });
  }
  return entries;
}
