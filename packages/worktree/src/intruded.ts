import { createHash } from 'node:crypto';
import { lstat, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding, IntrudedFile, Snapshot, Workspace } from '@pwt/core';
import { type Git, mergeBases, readOperationState, resolveObject } from '@pwt/git';

/** So many commits of the task are looked at for what a file was before. */
const MOST_COMMITS = 100;

/**
 * Puts back what agents of other tasks have left in a worktree, where it is still as they left it: each file becomes what it was
 * in the last commit of the task that has something else there, or else in its base. If the task's own agent has committed
 * it, the worktree is then ahead of that commit, and what is put back is collected like any other work.
 *
 * @param keep keeps the worktree as it is, before something is changed
 * @returns the paths that were put back
 */
export async function putBackIntruded(
  git: Git,
  { base }: Pick<Workspace, 'base'>,
  files: readonly IntrudedFile[],
  keep: () => Promise<unknown>,
): Promise<string[]> {
  if (files.length === 0 || (await readOperationState(git)).operation !== null) return [];
  const unchanged: IntrudedFile[] = [];
  for (const file of files) {
    if (!(await isInside(git.cwd, file.path))) continue;
    if ((await digestOf(join(git.cwd, file.path))) === file.digest) unchanged.push(file);
  }
  if (unchanged.length === 0) return [];
  const before = await Promise.all(
    unchanged.map(async ({ path }) => ({ path, from: await sourceOf(git, base, path) })),
  );
  const different = before.filter(({ from }) => from !== undefined);
  if (different.length === 0) return [];
  await keep();
  for (const { path, from } of different) {
    if (from === null) {
      await git.run(['rm', '--cached', '--quiet', '--force', '--ignore-unmatch', '--', path]);
      await rm(join(git.cwd, path), { force: true });
    } else await git.run(['checkout', '--quiet', from as string, '--', path]);
  }
  return different.map(({ path }) => path);
}

/**
 * The newest commit that has something else at a path than the worktree; `null`: there was nothing; `undefined`: it is as it was in
 * the base.
 */
async function sourceOf(git: Git, base: string, path: string): Promise<string | null | undefined> {
  const now = await blobInWorktree(git, path);
  const range = [`--max-count=${MOST_COMMITS}`, '--first-parent', 'HEAD', `^${base}`];
  const commits = [...(await git.lines(['rev-list', ...range])), base];
  for (const commit of commits) {
    const blob = await resolveObject(git, `${commit}:${path}`);
    if (blob === now || (await isOutdated(git, { base, commit, path, blob }))) continue;
    return blob === null ? null : commit;
  }
  return undefined;
}

interface Version {
  readonly base: string;
  readonly commit: string;
  readonly path: string;
  readonly blob: string | null;
}

/** True for a version from before the base was merged that is not the task's own: the base has what others made of it. */
async function isOutdated(git: Git, { base, commit, path, blob }: Version): Promise<boolean> {
  if (commit === base) return false;
  const bases = await mergeBases(git, commit, base);
  if (bases.includes(base)) return false;
  const before = await Promise.all(bases.map((fork) => resolveObject(git, `${fork}:${path}`)));
  return before.includes(blob);
}

/** True for a path in the worktree that no link leads out of. */
async function isInside(top: string, path: string): Promise<boolean> {
  const names = path.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..' || name.toLowerCase() === '.git'))
    return false;
  for (let length = 1; length < names.length; length += 1) {
    const stats = await lstat(join(top, ...names.slice(0, length))).catch(() => null);
    // Where there is no folder, there is nothing behind it either.
    if (stats === null) return true;
    if (!stats.isDirectory()) return false;
  }
  return true;
}

/** As git would commit it; `null` if there is nothing. */
async function blobInWorktree(git: Git, path: string): Promise<string | null> {
  const stats = await lstat(join(git.cwd, path)).catch(() => null);
  if (stats === null) return null;
  if (stats.isSymbolicLink()) {
    const input = await readlink(join(git.cwd, path));
    return (await git.run(['hash-object', '--stdin'], { input })).stdout.trimEnd();
  }
  return git.text(['hash-object', '--', path]);
}

/** As {@link IntrudedFile.digest}; `undefined` for what is no file. */
async function digestOf(path: string): Promise<string | null | undefined> {
  try {
    const stats = await lstat(path);
    const content = stats.isSymbolicLink() ? `link ${await readlink(path)}` : await readFile(path);
    return createHash('sha256').update(content).digest('hex');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : undefined;
  }
}

/** The finding about what was put back. Pure. */
export function putBackFinding(
  { taskId }: Pick<Workspace, 'taskId'>,
  paths: readonly string[],
  snapshot: Snapshot | undefined,
): Finding {
  const list = paths.slice(0, 5).join(', ') + (paths.length > 5 ? ` and ${paths.length - 5} more` : '');
  const kept = snapshot === undefined ? '' : ` It is kept in the snapshot ${snapshot.ref}.`;
  return {
    kind: 'left-out',
    severity: 'warning',
    taskIds: taskId === undefined ? [] : [taskId],
    message: `Left out of the work of this task, because the agent of another one wrote it: ${list}.${kept}`,
    subjects: paths,
  };
}
