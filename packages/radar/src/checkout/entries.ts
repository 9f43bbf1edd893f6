import type { TreeEntry } from '@pwt/git';

/** What is at a path: a file's mode and content, as a tree names them. */
export type FileEntry = Pick<TreeEntry, 'mode' | 'id'>;

/** How files differ from a tree: what is at each path instead, `null` for nothing. */
export type Overlay = ReadonlyMap<string, FileEntry | null>;

/** True if both are the same file, or both nothing. */
export function isSameEntry(a: FileEntry | null | undefined, b: FileEntry | null | undefined): boolean {
  return a?.mode === b?.mode && a?.id === b?.id;
}
