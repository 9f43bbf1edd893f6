import { findHidden, type Git, hashFile } from '@pwt/git';

/** Edits of tracked files at which git was told not to look: path and id of the content, `null` without one. */
export type HiddenFiles = Readonly<Record<string, string | null>>;

/**
 * What a setup command has hidden: settings of the machine, say, that are not to be committed. `undefined` if there
 * is nothing.
 */
export async function readHiddenFiles(git: Git): Promise<HiddenFiles | undefined> {
  const hidden: Record<string, string | null> = {};
  for (const { path } of await findHidden(git)) hidden[path] = await hashFile(git, path);
  return Object.keys(hidden).length === 0 ? undefined : hidden;
}

/** The paths whose content is not the one that is known. */
export async function unlike(git: Git, paths: readonly string[], known: HiddenFiles = {}): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (!Object.hasOwn(known, path) || known[path] !== (await hashFile(git, path))) found.push(path);
  }
  return found;
}
