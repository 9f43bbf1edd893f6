import type { ConflictedPath } from '@pwt/core';
import type { ChangedFile } from '@pwt/git';

/** Characters that macOS leaves out when it compares names. */
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** One part of a path that leads into a git directory, or out of the tree, on some system. */
const REFUSED = /^(\.\.?|(\.git|git~1)[ .]*([:\\].*)?)$/is;

/**
 * The paths that a tree may hold and git never checks out, since they would be written into `.git` or outside
 * (`verify_path` in git's read-cache.c). Only plumbing makes such a tree, and no
 * checkout of a branch with one works.
 */
export function invalidPaths(changes: readonly ChangedFile[]): ConflictedPath[] {
  return changes
    .filter(({ status }) => status !== 'D')
    .map(({ path }) => path)
    .filter(isInvalidPath)
    .map((path) => ({ path, kind: 'invalid path' }));
}

/** True for a path that leads into a git directory, or out of the tree, on some system; and for none at all. */
export function isInvalidPath(path: string): boolean {
  return path
    .split('/')
    .some((part) => part === '' || part.includes('\0') || REFUSED.test(part.replace(IGNORED, '')));
}
