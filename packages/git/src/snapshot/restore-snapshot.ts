import { lstat, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskPath } from '../byte-text.js';
import { commitTree } from '../commit.js';
import type { Git } from '../git.js';
import { commonDirOf, gitDirAt, readGitDir } from '../git-dir.js';
import { fallbackIdentity } from '../identity.js';
import { resolveObject, updateRef } from '../refs.js';
import { withTemporaryFolder } from '../temporary-folder.js';
import { listFiles, type TreeFile } from '../tree.js';
import { addWorktree } from '../worktrees.js';
import { withoutFilters } from './capture.js';
import { uncoverHidden } from './hidden-here.js';
import { isOperationFile } from './operation-files.js';
import { readSnapshot, type SnapshotEntry, type SnapshotParts } from './read-snapshot.js';
import { ScratchIndex } from './scratch-index.js';

export interface RestoredInner {
  /** Relative to the top; empty for a repository that had taken the place of the worktree's own. */
  readonly path: string;
  /** Where its git directory was put. Absolute; absent where it had none of its own. */
  readonly gitDir?: string;
}

/**
 * Restores a snapshot as a linked worktree: HEAD detached at the same commit, the same changes staged, and all files.
 * Repositories inside come back as they were, with their own configuration and hooks.
 *
 * @param directory does not exist, or is empty
 */
export async function restoreWorktree(
  git: Git,
  snapshot: SnapshotEntry,
  directory: string,
): Promise<readonly RestoredInner[]> {
  const parts = await readSnapshot(git, snapshot.commit);
  const { head } = parts;
  const files = await extraFiles(git, snapshot, parts);
  const added = await addWorktree(git, {
    path: directory,
    head: { kind: 'detached', commit: head },
    checkout: false,
  });
  if (added.status !== 'added') throw new Error(`${directory} can not be made: ${added.status}`);
  const gitDir = await gitDirAt(added.path);
  if (gitDir === null) throw new Error(`${directory} is no worktree`);
  const there = git.inWorktree({ path: added.path, gitDir, commonDir: await commonDirOf(git) });
  return layOut(there, snapshot, parts, files);
}

/**
 * Restores a snapshot in a worktree that is there: its index, its files, what is under way in it, and repositories inside. Whatever
 * the index holds and the snapshot does not is removed; HEAD is the caller's to set, and to keep what was there before. A file at which
 * git was told not to look stays as it is, and hidden.
 *
 * @param there in the worktree
 */
export async function restoreInto(
  there: Git,
  snapshot: Pick<SnapshotEntry, 'ref' | 'commit' | 'unfiltered'>,
): Promise<readonly RestoredInner[]> {
  const parts = await readSnapshot(there, snapshot.commit);
  const files = await extraFiles(there, snapshot, parts);
  await removeOperation(there);
  const coverHidden = await uncoverHidden(there);
  await there.run(['read-tree', '--reset', '-u', parts.tree]);
  const inner = await layOut(there, snapshot, parts, files);
  await coverHidden();
  return inner;
}

async function extraFiles(
  git: Git,
  { ref }: Pick<SnapshotEntry, 'ref'>,
  { extra }: SnapshotParts,
): Promise<readonly TreeFile[]> {
  const files = extra === null ? [] : await listFiles(git, extra);
  const outside = files.find(({ path }) => !isInsideName(path));
  if (outside !== undefined) throw new Error(`${ref} was not made by pwt: ${outside.path}`);
  return files;
}

async function layOut(
  there: Git,
  snapshot: Pick<SnapshotEntry, 'unfiltered'>,
  { tree, staged }: SnapshotParts,
  files: readonly TreeFile[],
): Promise<readonly RestoredInner[]> {
  const filters = snapshot.unfiltered ? await withoutFilters({ git: there }) : [];
  await there.run(['read-tree', '--reset', tree]);
  await there.run([...filters, 'checkout-index', '--all', '--force', '--quiet']);
  await there.run(['read-tree', '--reset', staged]);
  await there.run([...filters, 'update-index', '-q', '--refresh'], { okExitCodes: [0, 1] });
  await restoreConflicts(there, files);
  await restoreOperation(there, files);
  await restoreModules(there, files);
  return restoreInner(there, files);
}

/** Makes a branch of a snapshot: its files as one commit on top of its HEAD. What was staged apart is not told. */
export async function restoreBranch(
  git: Git,
  snapshot: SnapshotEntry,
  branch: string,
): Promise<{ readonly status: 'made'; readonly commit: string } | { readonly status: 'exists' }> {
  const { head, tree } = await readSnapshot(git, snapshot.commit);
  const isCommitted = (await resolveObject(git, `${head}^{tree}`)) === tree;
  const who = { ...fallbackIdentity, date: new Date(snapshot.takenAt) };
  const message = `Work of task ${snapshot.taskId} (${snapshot.reason})\n\nRestored by pwt from ${snapshot.ref}\n`;
  const commit = isCommitted
    ? head
    : await commitTree(git, { tree, parents: [head], message, author: who, committer: who });
  const outcome = await updateRef(git, { ref: `refs/heads/${branch}`, newValue: commit, oldValue: null });
  return outcome.status === 'updated' ? { status: 'made', commit } : { status: 'exists' };
}

async function restoreConflicts(there: Git, files: readonly TreeFile[]): Promise<void> {
  const stages = files.flatMap(({ mode, id, path }) => {
    const [, stage, name] = /^conflicts\/([123])\/(.*)$/s.exec(path) ?? [];
    return stage === undefined || name === undefined ? [] : [{ mode, id, stage, name }];
  });
  if (stages.length === 0) return;
  const names = [...new Set(stages.map(({ name }) => name))];
  const gone = names.map((name) => `0 ${'0'.repeat(stages[0]?.id.length ?? 40)}\t${name}\0`);
  const put = stages.map(({ mode, id, stage, name }) => `${mode} ${id} ${stage}\t${name}\0`);
  await there.run(['update-index', '-z', '--index-info'], { input: [...gone, ...put].join('') });
}

/** An operation goes on, or is aborted, on the detached HEAD alone: no branch is moved by it. */
async function restoreOperation(there: Git, files: readonly TreeFile[]): Promise<void> {
  const gitDir = await readGitDir(there);
  for (const file of files) {
    if (!file.path.startsWith('operation/')) continue;
    const path = file.path.slice('operation/'.length);
    if (!isOperationFile(path)) continue;
    const isBranch = /^rebase-(merge|apply)\/head-name$/.test(path);
    await put(there, gitDir, { ...file, path }, isBranch ? Buffer.from('detached HEAD\n') : undefined);
  }
}

async function removeOperation(there: Git): Promise<void> {
  const gitDir = await readGitDir(there);
  for (const name of (await readdir(gitDir)).filter(isOperationFile))
    await rm(join(gitDir, name), { recursive: true, force: true });
}

/** Where `git submodule update --init` finds them. */
async function restoreModules(there: Git, files: readonly TreeFile[]): Promise<void> {
  const gitDir = await readGitDir(there);
  for (const file of files.filter(({ path }) => path.startsWith('modules/'))) await put(there, gitDir, file);
}

async function restoreInner(there: Git, files: readonly TreeFile[]): Promise<RestoredInner[]> {
  const restored: RestoredInner[] = [];
  for (const { id, path } of files) {
    const [, at] = /^(inner\/\d+)\/path$/.exec(path) ?? [];
    if (at === undefined) continue;
    const inner = await there.text(['cat-file', 'blob', id]);
    if (!isInsideName(inner)) continue;
    restored.push(await restoreOne(there, inner, below(files, `${at}/`)));
  }
  return restored;
}

async function restoreOne(there: Git, path: string, files: readonly TreeFile[]): Promise<RestoredInner> {
  const top = join(there.cwd, path);
  await realFolder(there.cwd, path);
  const tree = below(files, 'files/');
  if (tree.length > 0 && path !== '') {
    await withTemporaryFolder(await readGitDir(there), async (folder) => {
      const index = new ScratchIndex(there, join(folder, 'files'));
      await index.run(['read-tree', '--empty']);
      await index.add(tree);
      await index.run(['checkout-index', '--all', '--force', '--quiet', `--prefix=${path}/`]);
    });
  }
  const data = below(files, 'git/');
  if (data.length === 0) {
    return { path };
  }
  // The worktree's own `.git` is git's: what had replaced it is put beside the directory.
  const gitDir = path === '' ? `${there.cwd}.git` : join(top, '.git');
  await removeLink(gitDir);
  // Git knows a repository by these, and a tree holds no empty folder.
  for (const name of ['', 'objects', 'refs'].filter((name) => data.every(({ path }) => path !== name)))
    await mkdir(join(gitDir, name), { recursive: true });
  for (const file of data) await put(there, gitDir, file);
  // The git directory of a submodule lay elsewhere and said where its files are; they are around it now.
  await there.run(['config', '--file', join(gitDir, 'config'), '--unset-all', 'core.worktree'], {
    okExitCodes: [0, 1, 3, 5],
  });
  return { path, gitDir };
}

/** The `.git` of a submodule that was checked out here before: a file that leads elsewhere. What it leads to stays. */
async function removeLink(gitDir: string): Promise<void> {
  const stats = await lstat(gitDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (stats !== undefined && !stats.isDirectory()) await rm(gitDir);
}

function below(files: readonly TreeFile[], folder: string): TreeFile[] {
  return files.flatMap((file) =>
    file.path.startsWith(folder) ? [{ ...file, path: file.path.slice(folder.length) }] : [],
  );
}

/** Refs and trees can be written by others, and a tree that git did not make may have `..` in it. */
function isInsideName(path: string): boolean {
  return (
    path === '' || path.split('/').every((name) => !['', '.', '..', '.git'].includes(name.toLowerCase()))
  );
}

/** Makes a folder of real folders only: no link leads a file out of its root. */
async function realFolder(root: string, path: string): Promise<void> {
  let at = root;
  for (const name of path.split('/').filter((part) => part !== '' && part !== '.')) {
    at = join(at, name);
    await mkdir(diskPath(at)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    if (!(await lstat(diskPath(at))).isDirectory()) throw new Error(`${at} is not a folder`);
  }
}

async function put(git: Git, root: string, file: TreeFile, content?: Buffer): Promise<void> {
  await realFolder(root, dirname(file.path));
  const bytes = content ?? (await git.runBytes(['cat-file', 'blob', file.id])).stdout;
  const to = diskPath(join(root, file.path));
  // What an interrupted call has put there.
  await rm(to, { force: true });
  if (file.mode === '120000') await symlink(bytes, to);
  else await writeFile(to, bytes, { flag: 'wx', mode: file.mode === '100755' ? 0o755 : 0o644 });
}
