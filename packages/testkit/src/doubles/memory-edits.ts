import type { IntegrateRequest, RefusedEdit } from '@pwt/core';
import type { FileMap } from './memory-repository.js';

/** The files with the changes that a request wants beside the merge, and those that are refused. */
export async function editFiles(
  files: FileMap,
  edit: IntegrateRequest['edit'],
): Promise<{ readonly files: FileMap; readonly refused: readonly RefusedEdit[] }> {
  if (edit === undefined) return { files, refused: [] };
  const edited = new Map(files);
  const refused: RefusedEdit[] = [];
  for (const { path, text } of await edit(async (read) => files.get(read))) {
    if (isInside(path)) edited.set(path, text);
    else refused.push({ path, reason: 'outside' });
  }
  return { files: edited, refused };
}

function isInside(path: string): boolean {
  return path.split('/').every((part) => !['', '.', '..', '.git'].includes(part));
}

/** Three versions of a list joined line by line; `undefined` if both sides have changed a line, or added some. */
export function joinList(base = '', ours = '', theirs = ''): string | undefined {
  const [was, left, right] = [base, ours, theirs].map((text) => text.split('\n')) as [
    string[],
    string[],
    string[],
  ];
  if (left.length !== was.length || right.length !== was.length) return undefined;
  const joined = was.map((line, at) => {
    if (left[at] === line) return right[at];
    return right[at] === line || right[at] === left[at] ? left[at] : undefined;
  });
  return joined.includes(undefined) ? undefined : joined.join('\n');
}
