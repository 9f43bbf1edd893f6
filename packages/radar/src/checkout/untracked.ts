import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { diskPath, type Git } from '@pwt/git';

/** Folders deeper in a new folder than this are not looked into. */
const MOST_LEVELS = 32;

/** Of these paths, and of what is below them, those that git knows or would add: neither ignored nor of another repository. */
export async function knownToGit(git: Git, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...paths];
  return (await git.zRecords(args)).filter((path) => !path.endsWith('/'));
}

/** The files that git does not know and would add, and the folders in which it knows no file, empty ones, too: those end with a slash. */
export async function readUntracked(git: Git): Promise<string[]> {
  return git.zRecords(['ls-files', '-z', '--others', '--directory', '--exclude-standard']);
}

/** New folders and the folders in them, without those that are ignored or another repository's. */
export async function newFolders(git: Git, top: string, folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  let level = folders;
  for (let depth = 0; level.length > 0 && depth < MOST_LEVELS; depth += 1) {
    // This command knows no literal paths; after a dot and a slash nothing has a meaning of its own.
    const env = { GIT_LITERAL_PATHSPECS: '0' };
    const input = level.map((folder) => `./${folder}/\0`).join('');
    const args = ['check-ignore', '-z', '--stdin', '--no-index'];
    const ignored = new Set(await git.zRecords(args, { env, input, okExitCodes: [0, 1] }));
    const inside = await Promise.all(
      level.filter((folder) => !ignored.has(`./${folder}/`)).map((folder) => foldersIn(top, folder)),
    );
    found.push(...inside.flatMap((one) => (one === null ? [] : [one.folder])));
    level = inside.flatMap((one) => one?.inside ?? []);
  }
  return found;
}

/** `null` if it is gone, or the top of another repository. */
async function foldersIn(top: string, folder: string) {
  const entries = await readdir(diskPath(join(top, folder)), { withFileTypes: true }).catch(() => null);
  if (entries === null || entries.some(({ name }) => name === '.git')) return null;
  return {
    folder,
    inside: entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${folder}/${name}`),
  };
}
