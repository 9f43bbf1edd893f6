import type { SpecFile, Task } from '@pwt/core';
import { hashText } from './hash.js';

/**
 * Keeps results that were computed from texts after the program ends. Reading specs is most of the work of a plan, and few
 * specs change between two plans.
 */
export interface ResultCache {
  /**
   * What `make` returns, or what it returned for the same inputs before.
   *
   * @param kind what is computed; the same inputs may give several results
   * @param inputs names everything that the result depends on, apart from the code itself
   * @param make returns a JSON value; not called if the result is known
   */
  recall<T>(kind: string, inputs: () => readonly string[], make: () => T): T;
}

/** A cache that keeps nothing. */
export const noCache: ResultCache = { recall: (_kind, _inputs, make) => make() };

const known = new WeakMap<object, string>();

/** A hash of everything about a task that its claims depend on. Hashes from task sources are not used. */
export function fingerprintOfTask(task: Task): string {
  return remember(task, () => {
    const specs = task.specs.map(({ text, ...spec }: SpecFile) => ({ ...spec, hash: hashText(text) }));
    return JSON.stringify({ ...task, specs });
  });
}

/** A hash of plain, immutable data: a tree, a vocabulary. */
export function fingerprintOf(data: object): string {
  return remember(data, () => hashText(JSON.stringify(data)));
}

function remember(about: object, make: () => string): string {
  let fingerprint = known.get(about);
  if (fingerprint === undefined) {
    fingerprint = make();
    known.set(about, fingerprint);
  }
  return fingerprint;
}
