import type { ChangedPath } from '@pwt/core';
import type { ChangedFile } from './diff.js';

const KINDS: Readonly<Record<ChangedFile['status'], ChangedPath['kind']>> = {
  A: 'added',
  D: 'deleted',
  M: 'modified',
  T: 'type-changed',
  R: 'renamed',
  C: 'copied',
};

/** The kinds of change in the contracts, by git's status letters. */
export function toChangedPath({ status, path, from }: ChangedFile): ChangedPath {
  return { path, kind: KINDS[status], ...(from === null ? {} : { from }) };
}
