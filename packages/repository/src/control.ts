import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { digest } from './digest.js';

/** The files in a git directory that control git, beside the configuration (gitrepository-layout). */
const FILES = [
  'info/attributes',
  'info/exclude',
  'info/sparse-checkout',
  'info/grafts',
  'objects/info/alternates',
];

/** The largest file that is hashed, in bytes; of larger ones, size and time tell whether they were changed. */
const MOST_BYTES = 1024 * 1024;

/** Hooks and control files of a repository: a digest of content and mode by path within its directory. */
export async function readControl(commonDir: string): Promise<Record<string, string>> {
  const hooks = (await readdir(join(commonDir, 'hooks')).catch(nothing<string[]>([])))
    .filter((name) => !name.endsWith('.sample'))
    .map((name) => `hooks/${name}`);
  const found = await Promise.all(
    [...FILES, ...hooks].map(async (path) => [path, await fingerprint(join(commonDir, path))] as const),
  );
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== null));
}

async function fingerprint(path: string): Promise<string | null> {
  const stats = await lstat(path).catch(nothing(null));
  if (stats === null) return null;
  if (stats.isSymbolicLink()) return `link ${digest(await readlink(path).catch(nothing('')))}`;
  if (!stats.isFile()) return 'other';
  const mode = (stats.mode & 0o111) === 0 ? 'file' : 'program';
  if (stats.size > MOST_BYTES) return `${mode} ${stats.size} ${stats.mtimeMs}`;
  return `${mode} ${digest(await readFile(path).catch(nothing('')))}`;
}

/** Others come and go while it is looked at, and git can't read a file either that can't be read here. */
function nothing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'].includes(error.code ?? '')) return value;
    throw error;
  };
}
