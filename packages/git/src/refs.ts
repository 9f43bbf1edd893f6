import { PwtError } from '@pwt/core';
import type { Git, GitRunOptions } from './git.js';
import { retryWhileLocked, wasKilled } from './lock.js';

/** A ref and what it points to. */
export interface Ref {
  /** Full name (`refs/heads/main`). */
  readonly ref: string;
  readonly id: string;
  readonly type: 'commit' | 'tag' | 'tree' | 'blob';
}

/** What became of a compare-and-swap. */
export type RefUpdate =
  | { readonly status: 'updated' }
  /** The ref was not at the expected value; nothing was changed. `actual` is `null` if it does not exist. */
  | { readonly status: 'moved'; readonly actual: string | null };

/** The commit that a revision (branch, tag, id, `HEAD~2`) names, tags peeled; `null` if there is none. */
export async function resolveCommit(git: Git, revision: string): Promise<string | null> {
  return resolveObject(git, `${revision}^{commit}`);
}

/**
 * Like {@link resolveCommit}, where there has to be one.
 *
 * @throws PWT_COMMIT_NOT_FOUND
 */
export async function requireCommit(git: Git, revision: string): Promise<string> {
  const commit = await resolveCommit(git, revision);
  if (commit !== null) return commit;
  throw new PwtError('PWT_COMMIT_NOT_FOUND', `There is no commit ${revision} in this repository.`, {
    hint: 'If it was made elsewhere, fetch it first. If it was here before, look in: git reflog --all',
    data: { commit: revision },
  });
}

/** The object that a revision names; `null` if there is none. */
export async function resolveObject(git: Git, revision: string): Promise<string | null> {
  const { exitCode, stdout } = await git.run(
    ['rev-parse', '--verify', '--quiet', '--end-of-options', revision],
    { okExitCodes: [0, 1] },
  );
  return exitCode === 0 ? stdout.trimEnd() : null;
}

/** The value of exactly this ref (a full name, no abbreviation); `null` if it does not exist. */
export async function readRef(git: Git, ref: string): Promise<string | null> {
  requireFullRefName(ref);
  const near = await git.near?.readRef(ref);
  if (near !== undefined) return near;
  return (await listRefs(git, ref)).find((found) => found.ref === ref)?.id ?? null;
}

/** The refs below each prefix that ends at a slash (`refs/pwt/`), or of exactly that name. In one process. */
export async function listRefs(git: Git, ...prefixes: readonly string[]): Promise<Ref[]> {
  return forEachRef(git, prefixes);
}

/** Those of the refs below a prefix whose commits a commit contains. In one process. */
export async function listMergedRefs(git: Git, commit: string, prefix: string): Promise<Ref[]> {
  return forEachRef(git, [prefix], [`--merged=${commit}`]);
}

async function forEachRef(
  git: Git,
  prefixes: readonly string[],
  filter: readonly string[] = [],
): Promise<Ref[]> {
  for (const prefix of prefixes) requireFullRefName(prefix);
  const format = '%(refname)%00%(objectname)%00%(objecttype)';
  const lines = await git.lines(['for-each-ref', `--format=${format}`, ...filter, ...prefixes]);
  return lines.map((line) => {
    const [ref = '', id = '', type = 'commit'] = line.split('\0');
    return { ref, id, type: type as Ref['type'] };
  });
}

export interface UpdateRefRequest {
  /** Its full name. */
  readonly ref: string;
  readonly newValue: string;
  /** `null`: the ref must not exist yet. */
  readonly oldValue: string | null;
  readonly reflogMessage?: string;
}

/**
 * Moves a ref if it is where the caller saw it last; a lost race is a value.
 *
 * A lock held by another process is waited for, within bounds.
 *
 * @throws PWT_GIT_FAILED if git refuses for another reason (no such object, a ref in the way)
 */
export async function updateRef(git: Git, request: UpdateRefRequest): Promise<RefUpdate> {
  requireFullRefName(request.ref);
  const message = request.reflogMessage === undefined ? [] : ['-m', request.reflogMessage];
  // An empty old value means "must not exist", whatever the length of an id in this repository.
  return compareAndSwap(git, request.ref, request.oldValue, request.newValue, [
    ...['update-ref', ...message, '--end-of-options'],
    ...[request.ref, request.newValue, request.oldValue ?? ''],
  ]);
}

/** Deletes a ref if it is where the caller saw it last; a lost race, deleted already included, is a value. */
export async function deleteRef(
  git: Git,
  request: { readonly ref: string; readonly oldValue: string },
): Promise<RefUpdate> {
  requireFullRefName(request.ref);
  return compareAndSwap(git, request.ref, request.oldValue, null, [
    ...['update-ref', '-d', '--end-of-options', request.ref, request.oldValue],
  ]);
}

/**
 * Deletes those of these refs that are where the caller saw them last: in one process, if that is so for all of them.
 *
 * @throws PWT_GIT_FAILED if git refuses for another reason
 */
export async function deleteRefs(
  git: Git,
  requests: readonly { readonly ref: string; readonly oldValue: string }[],
): Promise<void> {
  for (const { ref } of requests) requireFullRefName(ref);
  if (requests.length > 1) {
    const input = requests.map(({ ref, oldValue }) => `delete ${ref}\0${oldValue}\0`).join('');
    const { exitCode } = await git.run(['update-ref', '-z', '--stdin'], { input, okExitCodes: [0, 128] });
    if (exitCode === 0) return;
    // Nothing was changed: one of them has moved, or is locked.
  }
  for (const request of requests) await deleteRef(git, request);
}

async function compareAndSwap(
  git: Git,
  ref: string,
  expected: string | null,
  wanted: string | null,
  args: readonly string[],
  options: GitRunOptions = {},
): Promise<RefUpdate> {
  let killed = false;
  try {
    await retryWhileLocked(
      () =>
        git.run(args, options).catch((error: unknown) => {
          killed ||= wasKilled(error);
          throw error;
        }),
      git,
    );
    return { status: 'updated' };
  } catch (error) {
    // Judged by the ref and not by git's message.
    const actual = await readRef(git, ref);
    // The call that was killed had done it.
    if (killed && actual === wanted) return { status: 'updated' };
    if (actual !== expected) return { status: 'moved', actual };
    throw error;
  }
}

/**
 * Refuses anything but a full ref name without pattern characters, `..` and what else could make it a path or
 * a revision.
 *
 * @throws PWT_BAD_REF_NAME
 */
export function requireFullRefName(ref: string): void {
  if (ref.startsWith('refs/') && !/[\0-\x20\x7f~^:?*[\\]|\.\.|\/\.|\/\/|@\{/.test(ref)) return;
  throw new PwtError('PWT_BAD_REF_NAME', `Not a full ref name: ${JSON.stringify(ref)}`, {
    hint: 'Write it in full, such as refs/heads/main.',
    data: { ref },
  });
}
