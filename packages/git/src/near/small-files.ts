import { promises } from 'node:fs';
import { relative } from 'node:path';
import type { PromiseFsClient } from 'isomorphic-git';

/** The largest file that is read, in bytes: some 1,000 packed refs, or a commit with a message of 100 kB. */
const MAX_BYTES = 64 * 1024;

/** What is read of a shared git directory: refs, and objects that lie in files of their own. */
const READABLE = /^(packed-refs|refs\/.+|objects\/[0-9a-f]{2}\/[0-9a-f]{38})$/;

/**
 * A file system for isomorphic-git that has the refs and the loose objects of one repository and nothing else: no
 * configuration, no packs, nothing outside, nothing large, no pipe that never ends. It can't be written to.
 *
 * A loose ref must hold an id: isomorphic-git would take other text for the name of a ref. Folders below `refs/`
 * are not there: isomorphic-git would take one for a ref.
 *
 * @param commonDir the git directory that all worktrees share
 */
export function smallFiles(commonDir: string): PromiseFsClient {
  const nameOf = (path: string) => relative(commonDir, path);
  const readFile = async (path: string, options?: { readonly encoding?: 'utf8' }) => {
    if (!READABLE.test(nameOf(path))) throw missing(path);
    const stats = await promises.stat(path);
    if (stats.isDirectory()) throw missing(path);
    if (!stats.isFile() || stats.size > MAX_BYTES) throw new Error(`Not a small file: ${path}`);
    const content = await promises.readFile(path, options);
    if (nameOf(path).startsWith('refs/') && !isSha1(String(content).trimEnd()))
      throw new Error(`Not a plain ref: ${path}`);
    return content;
  };
  const stat = async (path: string) => {
    const stats = await promises.stat(path);
    if (stats.isDirectory() && nameOf(path).startsWith('refs/')) throw missing(path);
    return stats;
  };
  const refuse = async (path: string) => {
    throw new Error(`Not to be written: ${path}`);
  };
  return {
    promises: {
      ...{ readFile, stat, lstat: stat, readlink: promises.readlink, readdir: async () => [] },
      ...{ writeFile: refuse, mkdir: refuse, rmdir: refuse, unlink: refuse, symlink: refuse },
    },
  };
}

function missing(path: string): Error {
  return Object.assign(new Error(`Not readable here: ${path}`), { code: 'ENOENT' });
}

/** True for a full SHA-1 id. */
export function isSha1(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}
