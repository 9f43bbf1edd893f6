import { contentConflict, withoutPaths } from './content-conflict.js';
import type { Git } from './git.js';
import { joinLines } from './join-lines.js';
import type { MergeTreeOutcome } from './merge-tree.js';
import { objectsOf } from './objects/object-reader.js';
import { type TreeFileContent, withFiles } from './objects/tree-edit.js';
import { writeObject } from './objects/write-object.js';

type Conflicted = Extract<MergeTreeOutcome, { status: 'conflicted' }>;

/**
 * Joins files line by line in which many have lines of their own, where that is all that is in the way: git takes lines that
 * are next to each other for one change. See {@link joinLines}. Writes objects only.
 *
 * @param lists paths of such files
 * @returns the merge without these conflicts
 */
export async function joinLists(
  git: Git,
  merge: MergeTreeOutcome,
  lists: readonly string[],
): Promise<MergeTreeOutcome> {
  if (merge.status === 'clean' || lists.length === 0) return merge;
  const joined = new Map<string, TreeFileContent>();
  for (const path of new Set(lists)) {
    const content = merge.paths.includes(path) ? await joinedList(git, merge, path) : undefined;
    if (content !== undefined) joined.set(path, content);
  }
  if (joined.size === 0) return merge;
  const tree = await withFiles(git, merge.tree, joined);
  const left = withoutPaths(merge, new Set(joined.keys()));
  return left === undefined ? { status: 'clean', tree } : { ...left, tree };
}

/** `undefined` if there is more to it than the lines of a file that both sides have. */
async function joinedList(git: Git, merge: Conflicted, path: string): Promise<TreeFileContent | undefined> {
  const versions = contentConflict(merge, path);
  if (versions === undefined) return undefined;
  const [base, ours, theirs] = versions;
  const texts = await Promise.all(versions.map(({ id }) => objectsOf(git).read(id)));
  const [was, left, right] = texts.map((object) => (object?.type === 'blob' ? object.content : undefined));
  if (was === undefined || left === undefined || right === undefined) return undefined;
  const text = await joinLines(git, { base: was, ours: left, theirs: right });
  // As the side has it that has changed it.
  const { mode } = ours.mode === base.mode ? theirs : ours;
  return text === undefined ? undefined : { mode, id: await writeObject(git, 'blob', text) };
}
