import { type Dirent, existsSync } from 'node:fs';
import { cp, lstat, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { listRefs, WORKTREE_MARK } from '@pwt/git';
import { readText, writeWhole } from '../attempt/durable-file.js';
import { isWithin, type Mount } from './mounts.js';
import type { SandboxRepository } from './sandbox-options.js';

export interface GitViewRequest {
  readonly repository: SandboxRepository;
  /** The worktree's own entry in the shared git directory. Absolute. */
  readonly gitDir: string;
  /** Absolute. A folder of the sandbox for the copies. */
  readonly dir: string;
  /** Where the refs are listed as they were; see {@link ../bring-back.ts}. */
  readonly refsBefore: string;
  /** Where pwt's state of the attempt is, which the agent may read. Absolute. */
  readonly stateDir: string;
}

export interface GitView {
  readonly mounts: readonly Mount[];
  /** Other object stores that git reads through this one. */
  readonly alternates: readonly string[];
}

/** Copied as they are: small, and an agent's own git may change them. */
const COPIED = new Set(['HEAD', 'shallow', 'description', 'hooks', 'info', 'branches']);
/** The repository's own: what is new in there has to be in the repository. */
const SHARED = new Set(['objects', 'lfs']);
/** Of the main checkout, or made anew. */
const LEFT_OUT = new Set([
  'refs',
  'packed-refs',
  'logs',
  'config',
  'worktrees',
  'pwt',
  'index',
  'rr-cache',
  'gc.pid',
]);
/** What says of the worktree's entry to whom it belongs, and how git behaves there. */
const PROTECTED = ['commondir', 'gitdir', 'config.worktree', WORKTREE_MARK];

/**
 * A clean-up of the agent's removes nothing: the view does not see all that others refer to. And HEAD's reflog is what refers
 * to the agent's commits until its branch is brought back.
 */
const CONFIG = `
[core]
\tlogAllRefUpdates = true
[gc]
\tauto = 0
\tpackRefs = false
\tpruneExpire = never
\treflogExpire = never
\treflogExpireUnreachable = never
\tworktreePruneExpire = never
[maintenance]
\tauto = false
`;

/**
 * A git directory for one agent, in place of the one that all worktrees share.
 *
 * Objects and the worktree's own entry are the real ones. Branches, tags, the stash, configuration and hooks are copies: git
 * works as ever, and what it changes there reaches nobody. Other worktrees can be read, not written.
 */
export async function makeGitView(request: GitViewRequest): Promise<GitView> {
  const { repository, gitDir, dir, stateDir } = request;
  const { commonDir } = repository;
  await mkdir(dir, { recursive: true });
  const mounts: Mount[] = [{ kind: 'write', from: dir, to: commonDir }];
  for (const entry of await readdir(commonDir, { withFileTypes: true })) {
    const mount = await takeOver(entry, commonDir, dir);
    if (mount !== undefined) mounts.push(mount);
  }
  mounts.push(...(await objectsInfo(commonDir, dir)), ...(await refsOf(request)));
  const config = (await readText(join(commonDir, 'config'))) ?? '';
  await writeFile(join(dir, 'config'), config + CONFIG);
  await mkdir(join(dir, 'worktrees'), { recursive: true });
  mounts.push(read(join(commonDir, 'worktrees')), { kind: 'write', from: gitDir, to: gitDir });
  if (/worktreeconfig/i.test(config)) await writeIfMissing(join(gitDir, 'config.worktree'));
  for (const name of PROTECTED) if (await isFile(join(gitDir, name))) mounts.push(read(join(gitDir, name)));
  if (isWithin(commonDir, stateDir)) {
    await mkdir(join(dir, stateDir.slice(commonDir.length)), { recursive: true });
  }
  mounts.push(read(stateDir), ...(await worktreeRecords(commonDir, dir)));
  return { mounts, alternates: await alternatesOf(commonDir) };
}

/** Which worktrees are whose: with that, a command of pwt in the agent's worktree finds the task. */
async function worktreeRecords(commonDir: string, dir: string): Promise<Mount[]> {
  const records = join('pwt', 'worktrees');
  if (!existsSync(join(commonDir, records))) return [];
  await mkdir(join(dir, records), { recursive: true });
  return [read(join(commonDir, records))];
}

function read(path: string): Mount {
  return { kind: 'read', from: path, to: path };
}

/** Copies an entry of the shared git directory, or makes the place at which it is mounted. */
async function takeOver(entry: Dirent, commonDir: string, dir: string): Promise<Mount | undefined> {
  const { name } = entry;
  const [from, copy] = [join(commonDir, name), join(dir, name)];
  if (LEFT_OUT.has(name)) return undefined;
  if (COPIED.has(name)) {
    await cp(from, copy, { recursive: true, verbatimSymlinks: true, filter: isPlain });
    return undefined;
  }
  const real = await realpath(from).catch(() => undefined);
  if (real === undefined || !(await lstat(real)).isDirectory()) return undefined;
  await mkdir(copy, { recursive: true });
  return { kind: SHARED.has(name) ? 'write' : 'read', from: real, to: from };
}

/** Sockets and pipes can't be copied, and are nothing of git's. */
async function isPlain(path: string): Promise<boolean> {
  const found = await lstat(path);
  return found.isFile() || found.isDirectory() || found.isSymbolicLink();
}

/** `objects/info` says where else objects come from. */
async function objectsInfo(commonDir: string, dir: string): Promise<Mount[]> {
  const from = join(commonDir, 'objects', 'info');
  const copy = join(dir, 'pwt-objects-info');
  await mkdir(from, { recursive: true });
  await cp(from, copy, { recursive: true, verbatimSymlinks: true, filter: isPlain });
  return [{ kind: 'write', from: copy, to: from }];
}

async function alternatesOf(commonDir: string): Promise<string[]> {
  const objects = join(commonDir, 'objects');
  const text = (await readText(join(objects, 'info', 'alternates'))) ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => resolve(objects, line));
}

/** Every ref at its value of now; pwt's own are the real ones, so that a clean-up sees what they hold. */
async function refsOf({ repository, dir, refsBefore }: GitViewRequest): Promise<Mount[]> {
  const { git, commonDir } = repository;
  const refs = await listRefs(git, 'refs/');
  const packed = refs.map(({ id, ref }) => `${id} ${ref}\n`).join('');
  await writeFile(join(dir, 'packed-refs'), packed);
  for (const name of ['refs/heads', 'refs/tags', 'logs/refs'])
    await mkdir(join(dir, name), { recursive: true });
  for (const log of ['logs/HEAD', 'logs/refs/stash']) {
    if (await isFile(join(commonDir, log))) await cp(join(commonDir, log), join(dir, log));
  }
  // Last: what is listed there, is there.
  await writeWhole(refsBefore, packed);
  const mounts: Mount[] = [];
  // It grows while the agent runs, and so holds what the main checkout commits meanwhile.
  if (await isFile(join(commonDir, 'logs/HEAD'))) mounts.push(read(join(commonDir, 'logs/HEAD')));
  const own = join(commonDir, 'refs/pwt');
  if (existsSync(own)) {
    await mkdir(join(dir, 'refs/pwt'), { recursive: true });
    mounts.push(read(own));
  }
  return mounts;
}

async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function writeIfMissing(path: string): Promise<void> {
  await writeFile(path, '', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/**
 * The entry of a worktree in a shared git directory, by the worktree's `.git`; `undefined` if it is no linked worktree of that
 * repository. Read here and not by git: what stands in it was the agent's at the attempt before.
 */
export async function entryOf(workTree: string, commonDir: string): Promise<string | undefined> {
  const file = join(workTree, '.git');
  if (!(await isFile(file))) return undefined;
  const named = /^gitdir: (.+)\n?$/.exec(await readFile(file, 'utf8'))?.[1];
  if (named === undefined) return undefined;
  const gitDir = await realpath(resolve(workTree, named)).catch(() => undefined);
  return gitDir !== undefined && dirname(gitDir) === join(await realpath(commonDir), 'worktrees')
    ? gitDir
    : undefined;
}
