/**
 * True if git takes this as a full ref name, by the rules of `git help check-ref-format`.
 *
 * Decided here and not by a process: the rules are git's documented contract and the same in every release.
 */
export function isValidRefName(ref: string): boolean {
  return ref.includes('/') && !ref.endsWith('.') && ref.split('/').every(isValidComponent);
}

/** True if git takes this as the short name of a new branch. */
export function isValidBranchName(branch: string): boolean {
  return !branch.startsWith('-') && branch !== 'HEAD' && isValidRefName(`refs/heads/${branch}`);
}

/** What no part of a name may hold: control characters, space, `~ ^ : ? * [ \`, `..` and `@{`. */
const FORBIDDEN = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{/;

function isValidComponent(part: string): boolean {
  return part !== '' && !part.startsWith('.') && !part.endsWith('.lock') && !FORBIDDEN.test(part);
}
