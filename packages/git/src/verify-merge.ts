import { PwtError } from '@pwt/core';
import { type ChangedFile, changedFiles } from './diff.js';
import type { Git } from './git.js';
import { compareTrees } from './objects/compare-trees.js';
import { objectsOf } from './objects/object-reader.js';
import { requireTree } from './tree.js';

/** The inputs of a merge. */
export interface MergeSides {
  readonly onto: string;
  readonly commit: string;
  /** Every best common ancestor; more than one after a criss-cross. */
  readonly bases: readonly string[];
}

/** The inputs of a merge, and the tree that came out. */
export interface MergeToVerify extends MergeSides {
  readonly tree: string;
  /** What {@link readSides} has found, if it was called before the merge. */
  readonly sides?: SideChanges;
  /**
   * Set if the tree may have more than the merge: then only what `commit` has changed is checked, and of these files only that
   * they are there.
   */
  readonly edited?: readonly string[];
}

/** What each side has changed since any of the merge bases. */
export interface SideChanges {
  readonly ours: ReadonlyMap<string, Content>;
  readonly theirs: ReadonlyMap<string, Content>;
}

/** Mode and object of a path; `undefined` where the path does not exist. */
type Content = string | undefined;

/**
 * Checks a merged tree path by path against its inputs, without merging a second time.
 *
 * A path that only one side has changed since every merge base must carry that side's mode and object; a path
 * that neither has changed must be untouched. The one exception follows from renames: where one side has
 * renamed a file that the other has changed, the new name carries a content of its own. A path that one side has changed
 * and the other has not any more may only be gone if its change went along to a new name.
 *
 * This catches a merge on a wrong base, which would silently revert what others have landed. Of a file that both sides
 * have edited it says nothing: see {@link haveMet}.
 *
 * @returns what differs between `onto` and the merged tree, renames unpaired
 * @throws PWT_MERGE_UNSOUND with the paths in `data`
 */
export async function verifyMerge(git: Git, merge: MergeToVerify): Promise<ChangedFile[]> {
  const { onto, commit, bases, tree, edited } = merge;
  const [{ ours, theirs }, changes] = await Promise.all([
    merge.sides ?? readSides(git, merge),
    changedPaths(git, onto, tree),
  ]);
  const result = contentsOf(changes);
  const suspects = [...new Set([...theirs.keys(), ...result.keys()])].filter((path) => {
    if (!theirs.has(path)) return edited === undefined;
    if (edited?.includes(path) && result.get(path) !== undefined) return false;
    return !ours.has(path) && !(result.has(path) && result.get(path) === theirs.get(path));
  });
  const final = (path: string) => (result.has(path) ? result.get(path) : ours.get(path));
  // After a criss-cross, what differs from one base may be as in the other, and so unchanged.
  const contested = bases.length === 1 ? contestedPaths({ ours, theirs }) : [];
  const gone = contested.filter((path) => final(path) === undefined);
  if (suspects.length + gone.length === 0) return changes;
  const renames = await readRenames(git, merge, { ours, theirs });
  const targets = new Set(renames.map(({ to }) => to));
  const wrong = [
    ...suspects.filter((path) => !targets.has(path)),
    ...gone.filter((path) => !isCarried(path, ours.get(path) ?? theirs.get(path), renames, final)),
  ].sort();
  if (wrong.length === 0) return changes;
  throw new PwtError(
    'PWT_MERGE_UNSOUND',
    `The merge of ${commit} onto ${onto} changes paths that neither side has changed so: ${wrong.slice(0, 5).join(', ')}`,
    {
      hint: 'Nothing was moved. Merge the branch by hand (git merge), and please report what git printed.',
      data: { onto, commit, bases, tree, paths: wrong },
    },
  );
}

/** Reads what each side has changed: the part of the check that can run beside the merge. */
export async function readSides(git: Git, { onto, commit, bases }: MergeSides): Promise<SideChanges> {
  const of = (to: string) => Promise.all(bases.map((base) => changedPaths(git, base, to)));
  const [ours, theirs] = await Promise.all([of(onto), of(commit)]);
  return { ours: contentsOf(ours.flat()), theirs: contentsOf(theirs.flat()) };
}

/** What differs between two commits or trees, renames unpaired. It is told by the objects, not by `git diff`. */
async function changedPaths(git: Git, from: string, to: string): Promise<ChangedFile[]> {
  const [before, after] = await Promise.all([requireTree(git, from), requireTree(git, to)]);
  return compareTrees(objectsOf(git), before, after);
}

/** The paths that differ, with their content afterwards. */
function contentsOf(changes: readonly ChangedFile[]): ReadonlyMap<string, Content> {
  return new Map(changes.map((file) => [file.path, contentOf(file)]));
}

function contentOf(file: ChangedFile): Content {
  return file.status === 'D' ? undefined : `${file.newMode} ${file.newId}`;
}

/** True if both sides have changed a path, each in its way: then how git joins the two contents decides. */
export function haveMet(sides: SideChanges): boolean {
  return contestedPaths(sides).length > 0;
}

function contestedPaths({ ours, theirs }: SideChanges): string[] {
  return [...theirs.keys()].filter((path) => ours.has(path) && ours.get(path) !== theirs.get(path));
}

/** A file that one side has renamed and the other has changed. */
interface Rename {
  readonly from: string;
  readonly to: string;
  /** The side that has renamed it has not changed its content. */
  readonly exact: boolean;
}

async function readRenames(
  git: Git,
  { bases, onto, commit }: MergeToVerify,
  { ours, theirs }: SideChanges,
): Promise<Rename[]> {
  const found: Rename[] = [];
  for (const base of bases) {
    for (const [side, other] of [[onto, theirs] as const, [commit, ours] as const]) {
      for (const { path, from, oldId, newId } of await changedFiles(git, { from: base, to: side })) {
        if (from !== null && other.has(from)) found.push({ from, to: path, exact: oldId === newId });
      }
    }
  }
  return found;
}

/** True if the content that a side has given to a file is where the other side has moved that file. */
function isCarried(
  path: string,
  content: Content,
  renames: readonly Rename[],
  final: (path: string) => Content,
): boolean {
  const idOf = (one: Content) => one?.split(' ')[1];
  return renames.some(
    ({ from, to, exact }) => from === path && (!exact || idOf(final(to)) === idOf(content)),
  );
}
