import type { ConflictedPath } from '@pwt/core';
import { type ChangedFile, type Git, listPaths } from '@pwt/git';

/**
 * The new paths of a tree that are another path of it where the file system takes them for one: they differ in case, or
 * in the way an accent is written. Git merges them cleanly, and a checkout there has only one of the two files.
 *
 * @param changes what the tree adds to one that is there already
 * @returns nothing where `core.ignoreCase` is off, as git sets it when it makes a repository
 */
export async function clashingNames(
  git: Git,
  tree: string,
  changes: readonly ChangedFile[],
): Promise<ConflictedPath[]> {
  const added = new Set(changes.filter(({ status }) => status === 'A').map(({ path }) => path));
  if (added.size === 0 || !(await ignoresCase(git))) return [];
  const names = new Map<string, string[]>();
  for (const path of await listPaths(git, tree)) {
    const folded = path.normalize('NFC').toLowerCase();
    names.set(folded, [...(names.get(folded) ?? []), path]);
  }
  const clashing = [...names.values()].filter((paths) => paths.length > 1);
  return clashing
    .filter((paths) => paths.some((path) => added.has(path)))
    .flat()
    .sort()
    .map((path) => ({ path, kind: 'one name on this file system' }));
}

/** What the repository says does not change while it is worked on: each git is asked once. */
const answers = new WeakMap<Git, Promise<boolean>>();

function ignoresCase(git: Git): Promise<boolean> {
  const known = answers.get(git);
  if (known !== undefined) return known;
  const args = ['config', '--type=bool', '--get', 'core.ignoreCase'];
  const asked = git.run(args, { okExitCodes: [0, 1] }).then(({ stdout }) => stdout.startsWith('true'));
  answers.set(git, asked);
  return asked;
}
