import { randomBytes } from 'node:crypto';
import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { defined } from '@pwt/core';
import { namesIn } from '../inner/scan.js';
import { inPlace, type Place } from './place.js';
import { keepFiles, keepText } from './raw-files.js';
import { type IndexLine, ScratchIndex } from './scratch-index.js';

/** A repository inside a working tree. */
export interface InnerRepository {
  /** Of its top, relative to the top around it; empty for one that took the place of the worktree's own `.git`. */
  readonly path: string;
  /** True if git sees its files as files of the repository around it, so that they are kept there. */
  readonly shares: boolean;
}

/**
 * Keeps inner repositories as data: nothing that they configure is run, because git never works in them.
 *
 * Below `inner/<n>/`: `path`; `files/`, what their working tree holds without what is ignored; `git/`, the bytes of
 * their git directory where it would go with the worktree; `link`, where `.git` is a file or a link.
 */
export async function keepInner(
  place: Place,
  repositories: readonly InnerRepository[],
  folder: string,
): Promise<{ readonly at: string; readonly tree: string }[]> {
  const kept: { readonly at: string; readonly tree: string }[] = [];
  for (const [number, inner] of repositories.entries()) {
    const index = new ScratchIndex(place.git, join(folder, `inner-${number}`));
    await index.run(['read-tree', '--empty']);
    const path = { mode: '100644', id: await keepText(place.git, inner.path), path: 'path' };
    if (!inner.shares) await index.addTree(await filesTree(place, inner, folder), 'files');
    await index.add([path, ...(await keepGitDir(place, inner))]);
    kept.push({ at: `inner/${number}`, tree: await index.writeTree() });
  }
  return kept;
}

/**
 * Git directories of submodules whose files are not there (any more): they go with the worktree's own one, and so do
 * commits made in them. Each with its name below `modules/`.
 */
export async function emptiedModules(
  place: Place,
  inner: readonly InnerRepository[],
): Promise<{ readonly name: string; readonly gitDir: string }[]> {
  if (place.gitDir === null) return [];
  const links = await Promise.all(inner.map(({ path }) => readDotGit(place, path)));
  const used = new Set(links.map((link) => link?.target));
  const found: { readonly name: string; readonly gitDir: string }[] = [];
  const visit = async (name: string): Promise<void> => {
    const gitDir = join(place.gitDir ?? '', 'modules', name);
    const names: string[] = await readdir(gitDir).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
      throw error;
    });
    if (!names.includes('HEAD')) for (const folder of names) await visit(join(name, folder));
    else if (!used.has(gitDir)) found.push({ name, gitDir });
  };
  await visit('');
  return found;
}

/** The repositories inside a working tree, however deep; those that are ignored are left alone. */
export async function findInner(
  place: Place,
  index: ScratchIndex,
  folder: string,
): Promise<InnerRepository[]> {
  const { workTree } = place;
  if (workTree === null) return [];
  const records = await index.zRecords(['ls-files', '-z', '--stage']);
  const others = await index.zRecords(['ls-files', '-z', '--others', '--exclude-standard']);
  const links = records.filter((record) => record.startsWith('160000 ')).map(pathOf);
  const files = [...records.filter((record) => !record.startsWith('160000 ')).map(pathOf), ...others];
  const nested = [...links, ...others.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1))];
  const shared = foldersOf(files.filter((path) => !path.endsWith('/')));
  const found: InnerRepository[] = (await isReplaced(place)) ? [{ path: '', shares: true }] : [];
  for (const path of new Set([...nested, ...shared])) {
    const isEmpty = async () => !links.includes(path) || (await namesIn(join(workTree, path))).length === 0;
    // Git sees nothing of what lies at a gitlink, a repository or not.
    if ((await readDotGit(place, path)) === undefined && (await isEmpty())) continue;
    const shares = !nested.includes(path);
    found.push({ path, shares }, ...(shares ? [] : await findDeeper(place, path, folder)));
  }
  return found;
}

async function findDeeper(place: Place, path: string, folder: string): Promise<InnerRepository[]> {
  const nested = await nestedIn(place, path, folder);
  const deeper = await Promise.all(nested.map((inner) => findDeeper(place, `${path}/${inner}`, folder)));
  return nested.flatMap((inner, index) => [
    { path: `${path}/${inner}`, shares: false },
    ...(deeper[index] ?? []),
  ]);
}

/** With an empty index, git sees every repository in a folder as one entry that ends at a slash. */
async function nestedIn(place: Place, path: string, folder: string): Promise<string[]> {
  const index = innerIndex(place, path, join(folder, `none-${randomBytes(4).toString('hex')}`));
  const others = await index.zRecords(['ls-files', '-z', '--others', '--exclude-standard']);
  return others.filter((other) => other.endsWith('/')).map((other) => other.slice(0, -1));
}

function pathOf(record: string): string {
  return record.slice(record.indexOf('\t') + 1);
}

function foldersOf(files: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = dirname(file); at !== '.' && !folders.has(at); at = dirname(at)) folders.add(at);
  }
  return folders;
}

/** The top itself is an inner repository if its `.git` is not the link that git made. */
async function isReplaced(place: Place): Promise<boolean> {
  const link = await readDotGit(place, '');
  return link !== undefined && link.target !== place.gitDir;
}

/** The `.git` of a folder, links in it read from where the folder was. */
function readDotGit({ workTree, origin }: Place, path: string): Promise<Link | undefined> {
  const top = workTree ?? '';
  return readLink(join(top, path, '.git'), join(origin ?? top, path));
}

async function filesTree(place: Place, { path }: InnerRepository, folder: string): Promise<string> {
  const index = innerIndex(place, path, join(folder, 'inner-files'));
  await index.run(['read-tree', '--empty']);
  // What is nested deeper is an inner repository of its own.
  await addAllBut(index, await nestedIn(place, path, folder));
  return index.writeTree();
}

/** An index for the files of an inner repository, with the configuration of the one around it. */
function innerIndex({ git, commonDir, workTree }: Place, path: string, file: string): ScratchIndex {
  const top = join(workTree ?? '', path);
  return new ScratchIndex(inPlace(git, top, commonDir, commonDir), file);
}

/** Adds all that is not ignored, without these folders. */
export async function addAllBut(
  index: ScratchIndex,
  folders: readonly string[],
  flags: readonly string[] = [],
): Promise<void> {
  // Exclusion is pattern magic, so here alone pathspecs are not literal, but each excluded path is.
  const pathspecs = [':(top)', ...folders.map((path) => `:(top,exclude,literal)${path}`)];
  await index.run(['add', '--all', ...flags, '--', ...pathspecs], {
    env: { GIT_LITERAL_PATHSPECS: '0' },
  });
}

async function keepGitDir(place: Place, { path }: InnerRepository): Promise<IndexLine[]> {
  const { git, workTree, gitDir } = place;
  const dotGit = join(workTree ?? '', path, '.git');
  const link = await readDotGit(place, path);
  if (link === undefined) return [];
  if (link.text === undefined) return below('git', await keepFiles(git, dotGit));
  const kept: IndexLine[] = [{ mode: link.mode, id: await keepText(git, link.text), path: 'link' }];
  // The git directory of a submodule lies in the worktree's own one, and goes with it.
  const goesWith = gitDir !== null && link.target?.startsWith(`${gitDir}/`) === true;
  return goesWith && link.target ? [...kept, ...below('git', await keepFiles(git, link.target))] : kept;
}

function below(folder: string, lines: readonly IndexLine[]): IndexLine[] {
  return lines.map((line) => ({ ...line, path: `${folder}/${withoutDotGit(line.path)}` }));
}

/** Git takes no `.git` into a tree, wherever it stands. */
function withoutDotGit(path: string): string {
  return path
    .split('/')
    .map((name) => (name.toLowerCase() === '.git' ? `dot${name.slice(1)}` : name))
    .join('/');
}

interface Link {
  readonly mode: string;
  /** What it says; `undefined` for a directory. */
  readonly text?: string;
  /** Where it leads, if anything is there. */
  readonly target?: string;
}

async function readLink(path: string, from: string): Promise<Link | undefined> {
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) return { mode: '040000', target: await realpath(path) };
  if (stats.isSymbolicLink()) {
    const text = await readlink(path);
    return { mode: '120000', text, ...(await resolved(from, text)) };
  }
  if (!stats.isFile()) return undefined;
  const text = await readFile(path, 'utf8');
  const named = /^gitdir: (.*)\n?$/.exec(text)?.[1];
  return { mode: '100644', text, ...(named === undefined ? {} : await resolved(from, named)) };
}

async function resolved(from: string, to: string): Promise<{ readonly target?: string }> {
  const target = await realpath(resolve(from, to)).catch(() => undefined);
  return defined({ target });
}
