import { PwtError } from '@pwt/core';
import type { GitObject } from './cat-file.js';
import type { Commit } from './commit-object.js';
import type { TreeFile } from './tree.js';

/**
 * Reads one repository's refs and objects, for many small questions in a row.
 *
 * Objects are named by full id. What is not there is `null`; what is there but of another type is
 * PWT_WRONG_OBJECT_TYPE. Replacement refs and grafts are ignored. An answer is never older than the call.
 */
export interface ObjectReader {
  readonly kind: 'isomorphic-git' | 'git-cli' | 'combined';
  /** The id that a full ref name or `HEAD` leads to, through symbolic refs; tags are not peeled. */
  readRef(ref: string): Promise<string | null>;
  readCommit(id: string): Promise<Commit | null>;
  readBlob(id: string): Promise<Buffer | null>;
  /** The content of a file of a commit; `null` also for a directory or submodule. */
  readFile(request: { readonly commit: string; readonly path: string }): Promise<Buffer | null>;
  /** All files of a commit or tree, submodules included, in git's order; `null` if it is not there. */
  listFiles(treeish: string): Promise<TreeFile[] | null>;
  /** Ends what the reader has started. */
  close(): Promise<void>;
}

/**
 * The content of an object that must be of one type.
 *
 * @throws PWT_WRONG_OBJECT_TYPE
 */
export function contentOf(object: GitObject | null, type: GitObject['type']): Buffer | null {
  if (object === null || object.type === type) return object?.content ?? null;
  throw new PwtError('PWT_WRONG_OBJECT_TYPE', `${object.id} is a ${object.type}, not a ${type}.`, {
    data: { id: object.id, type: object.type, expected: type },
  });
}

/** True for a full object id: 40 hex digits (SHA-1) or 64 (SHA-256), in lower case. */
export function isObjectId(name: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name);
}

/**
 * Refuses everything but a full object id: nothing else means the same to both readers.
 *
 * @throws PWT_BAD_OBJECT_ID
 */
export function requireObjectId(id: string): void {
  if (isObjectId(id)) return;
  throw new PwtError('PWT_BAD_OBJECT_ID', `Not a full object id: ${JSON.stringify(id)}`, { data: { id } });
}

/** False for a path that no tree can hold; git would take `./x` as relative to the directory it runs in. */
export function isTreePath(path: string): boolean {
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}
