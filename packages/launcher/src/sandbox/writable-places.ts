import { existsSync } from 'node:fs';
import { lstat, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type AgentFolder, homeOf, placeOf } from '../agents/agent-folder.js';
import { caches, madeCaches } from './caches.js';
import { isWithin, type Mount } from './mounts.js';

export interface WritablePlacesRequest {
  /** The agent's own; they are made where they are missing. */
  readonly folders: readonly AgentFolder[];
  /** The user's additions: absolute, or `~/…`. */
  readonly paths: readonly string[];
  /** The environment of the agent. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the agent writes anyway: what lies in there is not looked at. Absolute. */
  readonly inside: readonly string[];
}

/**
 * What an agent may write outside of its worktree: its own folders, the caches of this machine, what the user adds.
 *
 * A place inside of another one is not bound once more: an agent before this one may have put a link there, and only of a
 * folder whose parents no agent can write is it certain where it leads.
 */
export async function writablePlaces(request: WritablePlacesRequest): Promise<Mount[]> {
  const { folders, paths, env, inside } = request;
  const home = homeOf(env);
  const known = caches.map((folder) => ({ folder, path: placeOf(folder, env), isMade: isMade(folder, env) }));
  const own = folders.map((folder) => ({ folder, path: placeOf(folder, env), isMade: true }));
  const added = paths.map((path) => ({
    folder: { path } as AgentFolder,
    path: isAbsolute(path) ? resolve(path) : resolve(home, path.replace(/^~(\/|$)/, '')),
    isMade: false,
  }));
  const places = [...own, ...known, ...added].sort((a, b) => a.path.length - b.path.length);
  const taken: string[] = [...inside];
  const mounts: Mount[] = [];
  for (const { folder, path, isMade } of places) {
    if (taken.some((outer) => isWithin(outer, path))) {
      if (folder.keeps !== undefined) mounts.push(...(await kept(path, folder.keeps)));
      continue;
    }
    if (isMade) await make(path, folder.file);
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined) continue;
    taken.push(path, real);
    mounts.push({ kind: isWithin('/dev', real) ? 'device' : 'write', from: real, to: real });
    if (folder.keeps !== undefined) mounts.push(...(await kept(real, folder.keeps)));
  }
  return mounts;
}

/** A cache is made only for a tool that is used: its own folder is there, the cache is not. */
function isMade(folder: AgentFolder, env: WritablePlacesRequest['env']): boolean {
  const parent = dirname(placeOf(folder, env));
  return madeCaches.includes(folder.path) || (parent !== homeOf(env) && existsSync(parent));
}

async function make(path: string, file: string | undefined): Promise<void> {
  if (existsSync(path)) return;
  // Without the right to, the place stays unwritable, as it is for the agent without a sandbox.
  const isRefused = (error: NodeJS.ErrnoException) => {
    if (!['EACCES', 'EROFS', 'EEXIST', 'ENOTDIR', 'EPERM'].includes(error.code ?? '')) throw error;
  };
  if (file === undefined) await mkdir(path, { recursive: true, mode: 0o700 }).catch(isRefused);
  else await writeFile(path, file, { flag: 'wx', mode: 0o600 }).catch(isRefused);
}

/** Read-only places inside of a writable folder. Each has to be there, or the agent could make it. */
async function kept(folder: string, keeps: Readonly<Record<string, string | null>>): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const [name, text] of Object.entries(keeps)) {
    const path = join(folder, name);
    await make(path, text ?? undefined);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isFile() || found?.isDirectory()) mounts.push({ kind: 'read', from: path, to: path });
  }
  return mounts;
}
