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

export type Tree = ReadonlyMap<string, TreeEntry>;

/** How many entries are remembered, of all trees together: some 20 MB. */
const MAX_ENTRIES = 100_000;

/** Trees that were read, the one that was used longest ago first. What has an id never changes. */
class KnownTrees {
  readonly #trees = new Map<string, Tree>();
  #entries = 0;

  get(id: string): Tree | undefined {
    const tree = this.#trees.get(id);
    if (tree === undefined) return undefined;
    this.#trees.delete(id);
    this.#trees.set(id, tree);
    return tree;
  }

  add(id: string, tree: Tree): void {
    if (this.#trees.has(id)) return;
    this.#trees.set(id, tree);
    this.#entries += tree.size;
    for (const [oldest, { size }] of this.#trees) {
      if (this.#entries <= MAX_ENTRIES) return;
      this.#trees.delete(oldest);
      this.#entries -= size;
    }
  }
}

const known = new WeakMap<ObjectReader, KnownTrees>();

/** The entries of a tree by name, in git's order. */
export async function readTree(objects: ObjectReader, id: string): Promise<Tree> {
  const trees = known.get(objects) ?? new KnownTrees();
  known.set(objects, trees);
  const before = trees.get(id);
  if (before !== undefined) return before;
  const object = await objects.read(id);
  if (object?.type !== 'tree') {
    throw new PwtError('PWT_GIT_FAILED', `There is no tree ${id} in this repository.`, {
      hint: 'The repository is damaged, or it is a partial clone whose remote does not answer.',
      data: { id },
    });
  }
  const tree = parseTree(object.content, id.length / 2);
  trees.add(id, tree);
  return tree;
}

/** `<mode> <name>\0<id in bytes>`, again and again. */
function parseTree(content: Buffer, idBytes: number): Tree {
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
