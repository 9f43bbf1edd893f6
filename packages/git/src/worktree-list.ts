import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { decodeText, diskPath, isNotUtf8 } from './byte-text.js';
import { readCoreConfig } from './core-config.js';
import type { Git } from './git.js';
import { commonDirOf, gitDirAt } from './git-dir.js';
import { followBranch, type Head, readHeadFiles, readSmallFile } from './head.js';
import { topAround } from './hidden-worktree.js';
import { isValidRefName } from './ref-name.js';
import { listRefs } from './refs.js';

/** A place where files of the repository are, or were, checked out. */
export interface WorktreeEntry {
  /** Absolute; of a linked worktree as git recorded it. Of a bare repository, its git directory. */
  readonly path: string;
  /** Its own git directory, where its HEAD and its index are. Absolute, physical. */
  readonly gitDir: string;
  /** The one that belongs to the repository itself, and not one that `git worktree add` made. */
  readonly main: boolean;
  /** `null` in a bare repository and on an unborn branch. */
  readonly headCommit: string | null;
  /** Full name of the branch checked out; `null` if detached or bare. */
  readonly branch: string | null;
  /** True for the main one if the configuration says that it has no working tree. */
  readonly bare: boolean;
  /** Its directory is there, the `.git` in it leads to {@link gitDir}, and its path is UTF-8: pwt can work there. */
  readonly present: boolean;
  /** Why it is locked, maybe with an empty reason; `null` if it is not. */
  readonly locked: string | null;
  /** Why `git worktree prune` would drop it (its directory is gone); `null` if it would not. */
  readonly prunable: string | null;
}

/**
 * The worktrees of the repository, the main one first, the others by path.
 *
 * Read from git's own files (gitrepository-layout, "worktrees"), not from `git worktree list`. That one takes the
 * folder above the git directory for the main working tree, which is wrong with `--separate-git-dir`, with `.git` as
 * a symbolic link and in a submodule; and what it says is old when it has been read. A worktree that vanishes in the
 * meantime is left out, or has {@link WorktreeEntry.present} `false`.
 *
 * The main one is found from the directory of `git`, by `core.worktree`, or beside the git directory. Where none of
 * them leads to it, its path is that of the git directory, and it is not present.
 *
 * @param known the git directory that all worktrees share, where the caller knows it
 */
export async function listWorktrees(
  git: Git,
  known: { readonly commonDir?: string } = {},
): Promise<WorktreeEntry[]> {
  const commonDir = await realpath(known.commonDir ?? (await commonDirOf(git)));
  const [main, linked] = await Promise.all([readMain(git, commonDir), readLinked(commonDir)]);
  const all = [main, ...linked.sort((a, b) => (a.path < b.path ? -1 : 1))];
  return withHeads(git, commonDir, all);
}

type Place = Omit<WorktreeEntry, 'headCommit' | 'branch'>;

async function readMain(git: Git, commonDir: string): Promise<Place> {
  const { bare, worktree } = await readCoreConfig(git, commonDir);
  const path = await findMainPath(git, commonDir, worktree);
  return {
    path: bare ? commonDir.replace(/\/\.git$/, '') : (path ?? commonDir),
    ...{ gitDir: commonDir, main: true, bare, present: path !== null && !bare },
    ...{ locked: null, prunable: null },
  };
}

async function findMainPath(git: Git, commonDir: string, worktree: string | null): Promise<string | null> {
  const around = await topAround(git.cwd);
  const candidates = [
    ...(around === null ? [] : [around]),
    ...(worktree === null ? [] : [resolve(commonDir, worktree)]),
    dirname(commonDir),
  ];
  for (const candidate of candidates) {
    if ((await gitDirAt(candidate)) === commonDir) return realpath(candidate);
  }
  return null;
}

async function readLinked(commonDir: string): Promise<Place[]> {
  const folder = join(commonDir, 'worktrees');
  const names = await readdir(folder, { encoding: 'buffer' }).catch(nothingIfGone<Buffer[]>([]));
  const places = await Promise.all(names.map((name) => readPlace(join(folder, decodeText(name)))));
  return places.filter((place) => place !== null);
}

/** Where the `.git` of a linked worktree is, by its own git directory; `null` if it is half made or half removed. */
export async function readDotGit(gitDir: string): Promise<string | null> {
  const link = await readPath(join(gitDir, 'gitdir'));
  // With `worktree.useRelativePaths` (git 2.48) it is relative to where it stands.
  return link === '' ? null : resolve(gitDir, link);
}

async function readPlace(gitDir: string): Promise<Place | null> {
  const [dotGit, locked] = await Promise.all([readDotGit(gitDir), readIfThere(join(gitDir, 'locked'))]);
  if (dotGit === null) return null;
  const path = dirname(dotGit);
  const [present, there] = await Promise.all([
    gitDirAt(path).then((found) => found === gitDir),
    exists(dotGit),
  ]);
  const prunable = there || locked !== null ? null : 'gitdir file points to non-existent location';
  return { path, gitDir, main: false, bare: false, present, locked, prunable };
}

/** Fills in what is checked out. Packed refs are asked for together; reftable keeps no HEAD in a file. */
async function withHeads(git: Git, commonDir: string, places: readonly Place[]): Promise<WorktreeEntry[]> {
  const heads = await Promise.all(places.map(({ gitDir }) => readHeadOf(git, gitDir, commonDir)));
  const packed = heads.flatMap((head) => (head.commit === undefined && head.branch ? [head.branch] : []));
  const tips = await readTips(git, new Set(packed));
  return places.map((place, index) => {
    const { branch = null, commit } = heads[index] ?? {};
    if (place.bare) return { ...place, headCommit: null, branch: null };
    return { ...place, branch, headCommit: commit ?? tips.get(branch ?? '') ?? null };
  });
}

/** What refs point to, those left out that do not exist: in this process where that is possible, the others in one. */
async function readTips(git: Git, refs: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const tips = new Map<string, string>();
  const others: string[] = [];
  for (const ref of refs) {
    const id = await git.near?.readRef(ref);
    if (id === undefined) others.push(ref);
    else if (id !== null) tips.set(ref, id);
  }
  const listed = others.length === 0 ? [] : await listRefs(git, ...others);
  for (const { ref, id } of listed) tips.set(ref, id);
  return tips;
}

/** `commit` is absent where the branch's tip is not a file. */
async function readHeadOf(git: Git, gitDir: string, commonDir: string): Promise<Partial<Head>> {
  const known = await readHeadFiles({ gitDir, commonDir });
  if (known !== null) return known;
  const branch = /^ref: (refs\/heads\/.+)$/.exec(await readSmallFile(join(gitDir, 'HEAD')))?.[1];
  if (branch !== undefined && isValidRefName(branch))
    return { branch: await followBranch(commonDir, branch) };
  const { exitCode, stdout } = await git.run(
    [`--git-dir=${gitDir}`, 'rev-parse', 'HEAD', '--symbolic-full-name', 'HEAD'],
    { okExitCodes: [0, 128] },
  );
  const [commit = '', name = ''] = exitCode === 0 ? stdout.split('\n') : [];
  return { ...(commit === '' ? {} : { commit }), branch: name.startsWith('refs/heads/') ? name : null };
}

/** A path out of a file of git's; one that is no UTF-8 so that {@link diskPath} leads there. */
async function readPath(file: string): Promise<string> {
  const text = await readSmallFile(file);
  return isNotUtf8(text) ? decodeText(await readFile(diskPath(file))).replace(/\n$/, '') : text;
}

async function exists(path: string): Promise<boolean> {
  return lstat(diskPath(path)).then(() => true, nothingIfGone(false));
}

async function readIfThere(path: string): Promise<string | null> {
  return (await exists(path)) ? readSmallFile(path) : null;
}

function nothingIfGone<T>(nothing: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return nothing;
    throw error;
  };
}
