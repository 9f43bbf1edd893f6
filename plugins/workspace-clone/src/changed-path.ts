import type { ChangedPath } from '@pwt/core';
import type { ChangedFile } from '@pwt/git';

const kinds: Readonly<Record<ChangedFile['status'], ChangedPath['kind']>> = {
  A: 'added',
  D: 'deleted',
  M: 'modified',
  T: 'type-changed',
  R: 'renamed',
  C: 'copied',
};

/** Git's letters in the words of the contract. */
export function toChangedPath({ status, path, from }: ChangedFile): ChangedPath {
  return { path, kind: kinds[status], ...(from === null ? {} : { from }) };
}
