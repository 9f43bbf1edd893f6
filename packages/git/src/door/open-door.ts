import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { privateModes } from '@pwt/core';
import type { Git } from '../git.js';
import { type ConfigEntry, formatConfig } from './repository-config.js';
import { mirroredConfig } from './trusted-config.js';

/**
 * What git looks for in the git directory that all worktrees share (gitrepository-layout(5), and the list in
 * git's path.c). Linked even while it is missing: git writes a file through such a link where it belongs.
 * `config` is the mirror's own; `hooks`, and the old ways to name a remote (`remotes`, `branches`), are left out.
 */
const SHARED = ['HEAD', 'info', 'logs', 'objects', 'packed-refs', 'refs', 'reftable', 'rr-cache', 'shallow'];
const SHARED_FOLDERS = [...SHARED, 'lost-found', 'svn', 'worktrees'];

/** Folders that a mirror leaves out. */
const LEFT_OUT = new Set(['branches', 'hooks', 'modules', 'pwt', 'remotes']);

export interface OpenDoorRequest {
  readonly workTree: string;
  readonly gitDir: string;
  readonly commonDir: string;
  /** The repository's configuration that is trusted: entries of its own files, no others. */
  readonly config: readonly ConfigEntry[];
  /** Where mirrors are made; best where no agent can write. Absolute; made if missing. */
  readonly mirrors: string;
}

/**
 * A git for a repository whose files others can write: it uses the configuration that is given here, and never
 * reads the repository's own.
 *
 * It works through a mirror: a folder of links to everything that the shared git directory holds (`objects`,
 * `refs`, …), with a configuration file of its own, which git uses as the shared directory
 * (`GIT_COMMON_DIR`). What an agent changes in the repository's configuration, while a command runs or before,
 * therefore has no effect; nothing is checked first and used later. (Git's own `contrib/workdir` has shared
 * repositories by such links for years.)
 */
export async function openDoor(git: Git, request: OpenDoorRequest): Promise<Git> {
  const { workTree, gitDir, commonDir } = request;
  return git.inPlace({ workTree, gitDir, commonDir, mirror: await makeMirror(request) });
}

async function makeMirror({ commonDir, config, mirrors }: OpenDoorRequest): Promise<string> {
  const text = formatConfig(mirroredConfig(config));
  const mirror = join(
    mirrors,
    createHash('sha256').update(`${commonDir}\0${text}`).digest('hex').slice(0, 32),
  );
  const [there, linked] = await Promise.all([namesIn(mirror), readIfThere(join(mirror, 'config'))]);
  if (there.length === 0) await mkdir(mirror, { recursive: true, mode: privateModes.folder });
  // Git gives up on a link to a missing folder where it would have made the folder.
  await mkdir(join(commonDir, 'logs'), { recursive: true });
  const wanted = new Set([...SHARED_FOLDERS, ...(await foldersIn(commonDir))]);
  for (const name of there) wanted.delete(name);
  await Promise.all([...wanted].map((name) => linkOnce(join(commonDir, name), join(mirror, name))));
  if (linked !== text) {
    const draft = join(mirror, `config.${process.pid}`);
    await writeFile(draft, text, { mode: privateModes.file });
    await rename(draft, join(mirror, 'config'));
  }
  return mirror;
}

/** Folders of other programs (`lfs`, `annex`) beside git's own. */
async function foldersIn(commonDir: string): Promise<string[]> {
  const entries = await readdir(commonDir, { withFileTypes: true });
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !LEFT_OUT.has(entry.name))
    .map(({ name }) => name)
    .filter((name) => name !== 'config');
}

async function linkOnce(target: string, path: string): Promise<void> {
  await symlink(target, path).catch((error: NodeJS.ErrnoException) => {
    // Another process of pwt has made it at the same moment.
    if (error.code !== 'EEXIST') throw error;
  });
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
