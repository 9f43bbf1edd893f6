import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { diskPath } from '../byte-text.js';
import { isGitDir, kindOf } from './mirror.js';

/**
 * The git directory of the repository at the top of a folder, with links resolved; `null` if there is none. Git is
 * not asked: it would obey what it finds there.
 *
 * @param options `linkedFrom`: where the folder was when its `.git` file was written, if it has been moved
 */
export async function findInnerGitDir(
  folder: string,
  options: { readonly linkedFrom?: string } = {},
): Promise<string | null> {
  const link = join(folder, '.git');
  const kind = await kindOf(link);
  const target =
    kind === 'file'
      ? /^gitdir: (.*)\n?$/.exec(await readFile(diskPath(link), 'utf8'))?.[1]
      : kind === 'directory'
        ? link
        : undefined;
  if (target === undefined) return null;
  const path = kind === 'file' ? resolve(options.linkedFrom ?? folder, target) : target;
  return (await isGitDir(path)) ? realpath(path) : null;
}

/** A repository below a folder called `modules`. */
export interface Module {
  /** May have slashes in it. */
  readonly name: string;
  readonly gitDir: string;
}

/** The repositories that a git directory keeps for its submodules; not those that they keep in turn. */
export async function listModules(gitDir: string): Promise<Module[]> {
  const found: Module[] = [];
  const visit = async (folder: string, prefix: string): Promise<void> => {
    for (const entry of await entriesOf(folder)) {
      const path = join(folder, entry);
      if (await isGitDir(path)) found.push({ name: `${prefix}${entry}`, gitDir: path });
      else await visit(path, `${prefix}${entry}/`);
    }
  };
  await visit(join(gitDir, 'modules'), '');
  return found;
}

/** The folders in a folder, links left out. */
async function entriesOf(folder: string): Promise<string[]> {
  if ((await kindOf(folder)) !== 'directory') return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
