import { PwtError } from '@pwt/core';
import type { Git } from '../git.js';
import { isObjectId } from '../object-id.js';
import { Session } from './session.js';

/** An object as it is stored. */
export interface StoredObject {
  readonly type: 'commit' | 'tree' | 'blob' | 'tag';
  readonly content: Buffer;
}

interface Answer {
  readonly id: string;
  readonly object: StoredObject | null;
}

/** Reads objects of a repository, packed or not, by full id: one `git cat-file --batch` for all of them. */
export class ObjectReader {
  readonly #session: Session<Answer>;

  constructor(git: Git) {
    this.#session = new Session(git, ['cat-file', '--batch'], takeObject);
  }

  /** `null` if there is no such object, and for everything but a full id. */
  async read(id: string): Promise<StoredObject | null> {
    if (!isObjectId(id)) return null;
    const { id: answered, object } = await this.#session.ask(`${id}\n`);
    if (answered === id) return object;
    throw new PwtError('PWT_GIT_FAILED', `git cat-file was asked for ${id} and answered ${answered}.`);
  }
}

const readers = new WeakMap<Git, ObjectReader>();

/** The reader that all callers with this git share. */
export function objectsOf(git: Git): ObjectReader {
  const known = readers.get(git) ?? new ObjectReader(git);
  readers.set(git, known);
  return known;
}

/** A line `<id> <type> <size>`, the content and a newline; or a line `<id> missing`. */
function takeObject(printed: Buffer): { answer: Answer; length: number } | null {
  const end = printed.indexOf('\n');
  if (end === -1) return null;
  const [id = '', type, size] = printed.toString('latin1', 0, end).split(' ');
  if (size === undefined) return { answer: { id, object: null }, length: end + 1 };
  const stop = end + 1 + Number(size);
  if (printed.length < stop + 1) return null;
  const content = Buffer.from(printed.subarray(end + 1, stop));
  return { answer: { id, object: { type: type as StoredObject['type'], content } }, length: stop + 1 };
}
