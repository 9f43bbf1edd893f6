import { lstat, realpath, rename, rm } from 'node:fs/promises';
import { type CommitId, PwtError } from '@pwt/core';
import type { Git } from '@pwt/git';

/** Lets a fetch between two folders of one user ask for any commit, also for one that no branch names. */
const UPLOAD_PACK = 'git -c uploadpack.allowAnySHA1InWant=true upload-pack';

export interface CloneRequest {
  readonly projectRoot: string;
  readonly path: string;
  readonly commit: CommitId;
  readonly runId: string;
  /** Checked out; without it, HEAD is detached. */
  readonly branch?: string;
}

/**
 * Makes a clone that stands on its own, at exactly this commit. It appears under its name complete or not at
 * all. Objects are hard links where the file system allows it, so it costs little more than its checkout.
 */
export async function cloneAt(project: Git, request: CloneRequest): Promise<void> {
  const { projectRoot, path, commit, runId, branch } = request;
  // Named after the run: whatever else has that name is not touched.
  const draft = `${path}.making-${runId}`;
  await rm(draft, { recursive: true, force: true });
  try {
    await project.run([
      'clone',
      '--quiet',
      '--local',
      '--no-checkout',
      '--no-tags',
      '--',
      projectRoot,
      draft,
    ]);
    const clone = project.at(draft);
    await clone.run(['fetch', '--quiet', '--no-tags', `--upload-pack=${UPLOAD_PACK}`, 'origin', commit]);
    const head = branch === undefined ? ['--detach', commit] : ['--no-track', '-B', branch, commit];
    await clone.run(['checkout', '--quiet', ...head, '--']);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Fetches a commit of a clone into the project's object store and keeps it there under a ref. */
export async function fetchCommit(
  project: Git,
  request: { readonly path: string; readonly commit: CommitId; readonly ref: string },
): Promise<void> {
  const { path, commit, ref } = request;
  const source = await realpath(path);
  await project.run([
    ...['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', `--upload-pack=${UPLOAD_PACK}`],
    ...['--', source, `+${commit}:${ref}`],
  ]);
}

/** @throws PwtError `PWT_WORKTREE_EXISTS` if anything is at this path, even a dangling link */
export async function requireFree(path: string): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!found) return;
  throw new PwtError('PWT_WORKTREE_EXISTS', `${path} exists already and is not a clone of this run.`, {
    hint: 'Look at what is in it, move it away, then try again.',
    data: { path },
  });
}
