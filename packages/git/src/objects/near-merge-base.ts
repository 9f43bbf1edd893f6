import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../git.js';
import { commonDirOf } from '../git-dir.js';
import { mergeBases } from '../history.js';
import { readCommitObject } from './commit-object.js';
import { objectsOf } from './object-reader.js';

/** How many commits of each side are read before git is asked. */
const NEAR = 64;

/**
 * The best common ancestors of two commits by full id, as {@link mergeBases} finds them, without a process of its own
 * where that is easy to see; see {@link findNearMergeBase}.
 */
export async function findMergeBases(git: Git, onto: string, commit: string): Promise<readonly string[]> {
  const base = await findNearMergeBase(git, onto, commit);
  return base === undefined ? mergeBases(git, onto, commit) : [base];
}

/**
 * The one best common ancestor of two commits by full id, without a process of its own; `undefined` where that is not
 * easy to see, or where there is another number of them.
 *
 * Easy is: going back from `commit`, the commits are one line without a merge, and going back from `onto`, every way
 * leads to that line or to something below its end. The first commit of the line that is found is then contained in
 * both, everything else that is contained in both is below it, and there is no other base.
 */
export async function findNearMergeBase(git: Git, onto: string, commit: string): Promise<string | undefined> {
  if (await isCutOff(git)) return undefined;
  const line = await lineOf(git, commit);
  const end = line.at(-1);
  const below = end === undefined ? undefined : (await walk(git, end, new Set())).seen;
  if (below === undefined) return undefined;
  const { seen, isComplete } = await walk(git, onto, new Set([...line, ...below]));
  return isComplete ? line.find((id) => seen.has(id)) : undefined;
}

/** A commit and those before it, up to the first merge (with it), as far as they are near. */
async function lineOf(git: Git, commit: string): Promise<string[]> {
  const line: string[] = [];
  for (let next: string | undefined = commit; next !== undefined && line.length < NEAR; ) {
    const parents: readonly string[] | undefined = await parentsOf(git, next);
    if (parents === undefined) break;
    line.push(next);
    next = parents.length === 1 ? parents[0] : undefined;
  }
  return line;
}

/**
 * What is found going back from a commit, itself included. A way ends at one of `ends`, which is found, too.
 *
 * `isComplete`: every way has ended.
 */
async function walk(
  git: Git,
  start: string,
  ends: ReadonlySet<string>,
): Promise<{ readonly seen: ReadonlySet<string>; readonly isComplete: boolean }> {
  const seen = new Set([start]);
  let open = ends.has(start) ? [] : [start];
  for (let read = 0; open.length > 0; read += open.length) {
    if (read >= NEAR) return { seen, isComplete: false };
    const parents = await Promise.all(open.map((id) => parentsOf(git, id)));
    if (parents.includes(undefined)) return { seen, isComplete: false };
    const fresh = [...new Set(parents.flatMap((ids) => ids ?? []))].filter((id) => !seen.has(id));
    for (const id of fresh) seen.add(id);
    open = fresh.filter((id) => !ends.has(id));
  }
  return { seen, isComplete: true };
}

/** How many commits are remembered: their parents never change. */
const MAX_KNOWN = 10_000;

const known = new WeakMap<Git, Map<string, readonly string[]>>();

async function parentsOf(git: Git, commit: string): Promise<readonly string[] | undefined> {
  const parents = known.get(git) ?? new Map<string, readonly string[]>();
  known.set(git, parents);
  const before = parents.get(commit);
  if (before !== undefined) return before;
  const found = (await readCommitObject(objectsOf(git), commit))?.parents;
  if (parents.size >= MAX_KNOWN) parents.clear();
  if (found !== undefined) parents.set(commit, found);
  return found;
}

/** True if git may see other parents than a commit names: in a shallow clone, and with grafts. */
async function isCutOff(git: Git): Promise<boolean> {
  const commonDir = await commonDirOf(git);
  const found = ['shallow', 'info/grafts'].map((file) =>
    access(join(commonDir, file)).then(
      () => true,
      () => false,
    ),
  );
  return (await Promise.all(found)).includes(true);
}
