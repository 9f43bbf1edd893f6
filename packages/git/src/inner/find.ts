import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { diskPath } from '../byte-text.js';
import { type InnerPlace, isGitDir, kindOf } from './mirror.js';

export interface FindInnerOptions {
  /** Where the folder was when its `.git` file was written, if it has been moved. */
  readonly linkedFrom?: string;
  /**
   * The worktree around the folder, where an agent may have written the `.git`: the git directory must lie in it, or
   * in its own git directory. @default anywhere
   */
  readonly around?: InnerPlace;
}

/**
 * The git directory of the repository at the top of a folder, with links resolved; `null` if there is none, or none
 * that belongs to the worktree around it. Git is not asked: it would run what is configured there.
 */
export async function findInnerGitDir(
  folder: string,
  options: FindInnerOptions = {},
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
  if (!(await isGitDir(path))) return null;
  const gitDir = await realpath(path);
  return options.around === undefined || (await belongsTo(gitDir, options.around)) ? gitDir : null;
}

async function belongsTo(gitDir: string, around: InnerPlace): Promise<boolean> {
  const homes = await Promise.all([realpath(around.workTree), realpath(around.gitDir)]);
  return homes.some((home) => gitDir.startsWith(home + sep));
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
