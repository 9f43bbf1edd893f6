import { isUtf8 } from 'node:buffer';
import type { FileEdit, IntegrateRequest, RefusedEdit } from '@pwt/core';
import {
  type AtPath,
  compareTrees,
  entryAt,
  FOLDER_MODE,
  type Git,
  objectsOf,
  type TreeFileContent,
  withFiles,
  writeObject,
} from '@pwt/git';
import { clashingNames } from './clashing-names.js';
import { isInvalidPath } from './invalid-paths.js';

export interface EditedTree {
  readonly tree: string;
  readonly refused: readonly RefusedEdit[];
}

const LINK = '120000';
const NEW_FILE = '100644';

/**
 * A tree with the changes that a request wants beside the merge; the same tree if there are none. Nothing is written where a
 * link lies, so no change ends up at another path than the one that it is for. The mode of a file stays.
 */
export async function editTree(git: Git, tree: string, edit: IntegrateRequest['edit']): Promise<EditedTree> {
  if (edit === undefined) return { tree, refused: [] };
  const refused = new Map<string, RefusedEdit['reason']>();
  const edits = await edit(async (path) => {
    const place = isInvalidPath(path) ? undefined : await placeOf(git, tree, path);
    if (place === 'link') refused.set(path, place);
    return typeof place === 'object' ? textOf(git, place) : undefined;
  });
  const files = new Map<string, TreeFileContent>();
  for (const { path, text } of edits) {
    const place = isInvalidPath(path) ? 'outside' : await placeOf(git, tree, path);
    if (typeof place === 'string') refused.set(path, place);
    else if (!(await hasText(git, place, text)))
      files.set(path, { mode: fileMode(place), id: await writeObject(git, 'blob', text) });
  }
  const edited = await withFiles(git, tree, files);
  const clashing = await clashes(git, tree, edited);
  for (const path of clashing) {
    if (files.delete(path)) refused.set(path, 'clashing');
  }
  return {
    tree: clashing.length === 0 ? edited : await withFiles(git, tree, files),
    refused: [...refused].map(([path, reason]) => ({ path, reason })),
  };
}

/** What can be read and written, or why not. */
async function placeOf(
  git: Git,
  tree: string,
  path: string,
): Promise<AtPath | Exclude<RefusedEdit['reason'], 'outside'>> {
  const place = await entryAt(objectsOf(git), tree, path);
  if (place.status === 'nothing') return place;
  const { mode } = place.entry;
  if (mode === LINK) return 'link';
  return place.status === 'blocked' || mode === FOLDER_MODE || !mode.startsWith('100') ? 'not-a-file' : place;
}

function fileMode(place: AtPath): string {
  return place.status === 'nothing' ? NEW_FILE : place.entry.mode;
}

async function textOf(git: Git, place: AtPath): Promise<string | undefined> {
  if (place.status !== 'found') return undefined;
  const content = (await objectsOf(git).read(place.entry.id))?.content;
  return content === undefined || content.includes(0) || !isUtf8(content)
    ? undefined
    : content.toString('utf8');
}

async function hasText(git: Git, place: AtPath, text: FileEdit['text']): Promise<boolean> {
  return (await textOf(git, place)) === text;
}

async function clashes(git: Git, tree: string, edited: string): Promise<readonly string[]> {
  if (tree === edited) return [];
  const changes = await compareTrees(objectsOf(git), tree, edited);
  return (await clashingNames(git, edited, changes)).map(({ path }) => path);
}
