import type { Git } from './git.js';
import { joinLines } from './join-lines.js';
import type { ConflictStage, MergeTreeOutcome } from './merge-tree.js';
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
  const isLeft = (path: string) => !joined.has(path);
  const paths = merge.paths.filter(isLeft);
  const notes = merge.notes.filter((note) => note.paths.some(isLeft));
  if (paths.length + notes.length === 0) return { status: 'clean', tree };
  return { ...merge, tree, paths, stages: merge.stages.filter(({ path }) => isLeft(path)), notes };
}

/** `undefined` if there is more to it than the lines of a file that both sides have. */
async function joinedList(
  git: Git,
  { stages, notes }: Conflicted,
  path: string,
): Promise<TreeFileContent | undefined> {
  const about = notes.filter((note) => note.paths.includes(path));
  if (about.some(({ type, paths }) => type !== 'CONFLICT (contents)' || paths.length > 1)) return undefined;
  const [base, ours, theirs] = ([1, 2, 3] as const).map((stage) =>
    stages.find((one) => one.path === path && one.stage === stage),
  );
  if (base === undefined || ours === undefined || theirs === undefined) return undefined;
  const mode = modeOf(base, ours, theirs);
  if (mode === undefined) return undefined;
  const texts = await Promise.all([base, ours, theirs].map(({ id }) => objectsOf(git).read(id)));
  const [was, left, right] = texts.map((object) => (object?.type === 'blob' ? object.content : undefined));
  if (was === undefined || left === undefined || right === undefined) return undefined;
  const text = await joinLines(git, { base: was, ours: left, theirs: right });
  return text === undefined ? undefined : { mode, id: await writeObject(git, 'blob', text) };
}

/** Of three files: as the side has it that has changed it. */
function modeOf(base: ConflictStage, ours: ConflictStage, theirs: ConflictStage): string | undefined {
  if ([base, ours, theirs].some(({ mode }) => !mode.startsWith('100'))) return undefined;
  return ours.mode === base.mode ? theirs.mode : ours.mode;
}
