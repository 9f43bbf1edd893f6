import type { SpecFile, Task } from '@pwt/core';
import { hashText } from './hash.js';

/**
 * Keeps what was computed from texts beyond the end of the program. Reading specs is most of the work of a
 * plan, and from one plan to the next hardly any of them change.
 */
export interface ResultCache {
  /**
   * What `make` returns, or what it returned for the same inputs before.
   *
   * @param kind what is computed; the same inputs may lead to several results
   * @param inputs names everything that the result depends on, apart from the code itself
   * @param make returns a JSON value; not called if the result is known
   */
  recall<T>(kind: string, inputs: () => readonly string[], make: () => T): T;
}

/** Computes everything each time. */
export const noCache: ResultCache = { recall: (_kind, _inputs, make) => make() };

const known = new WeakMap<object, string>();

/** Stands for everything about a task that its claims depend on; does not trust the hashes of other sources. */
export function fingerprintOfTask(task: Task): string {
  return remember(task, () => {
    const specs = task.specs.map(({ text, ...spec }: SpecFile) => ({ ...spec, hash: hashText(text) }));
    return JSON.stringify({ ...task, specs });
  });
}

/** Stands for plain data that stays as it is: a tree, a vocabulary. */
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
