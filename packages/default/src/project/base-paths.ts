import { type Git, listPaths } from '@pwt/git';

/** The newest list of each git, until it is taken. */
const lists = new WeakMap<Git, { readonly commit: string; readonly paths: Promise<readonly string[]> }>();

/** Lists the files of a commit, and keeps the list for the next call of {@link takePaths}. */
export function readPaths(git: Git, commit: string): Promise<readonly string[]> {
  const paths = listPaths(git, commit);
  lists.set(git, { commit, paths });
  return paths;
}

/** The files of a commit, from {@link readPaths} where that was asked for the same one; it does not keep them any longer. */
export function takePaths(git: Git, commit: string): Promise<readonly string[]> {
  const known = lists.get(git);
  lists.delete(git);
  return known?.commit === commit ? known.paths : listPaths(git, commit);
}
