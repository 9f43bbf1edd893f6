import { mkdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode } from '@pwt/core';
import type { Git } from '../git.js';
import { KeyedMutex } from '../keyed-mutex.js';
import { readRef, updateRef } from '../refs.js';
import { isSafeName } from './gitmodules.js';
import { type InnerPlace, isGitDir, kindOf, withInner } from './mirror.js';

/** The ref that keeps a commit of a submodule: `git gc` leaves it, and `git submodule update` need not fetch it. */
export function keptRef(commit: string): string {
  return `refs/pwt/kept/${commit}`;
}

/** The outcome of keeping a commit in a repository. */
export type KeepOutcome =
  /** The repository had it already. */
  | { readonly status: 'present' }
  /** It has it now, with its whole history, below a ref of ours. */
  | { readonly status: 'kept' }
  | { readonly status: 'missing'; readonly reason: string };

const perStore = new KeyedMutex();

export interface KeepRequest {
  /** The git directory that is to have the commit. If nothing is there, a repository is made. */
  readonly store: string;
  readonly commit: string;
  /** The ref that has it afterwards. @default {@link keptRef} */
  readonly ref?: string;
  /** Where it may come from, the likeliest first. */
  readonly sources: readonly InnerPlace[];
  /** Where the submodule comes from, for a repository that has to be made. */
  readonly url?: string | null;
}

/**
 * Makes sure that a repository has a commit with its whole history, below a ref. Checked by object id.
 *
 * Nothing but objects and that ref is written, and git uses no configuration of either side.
 */
export async function keepCommit(git: Git, request: KeepRequest): Promise<KeepOutcome> {
  const { store, commit, ref = keptRef(commit), sources } = request;
  return perStore.run(store, async () => {
    if (await isGitDir(store)) return keepIn(git, { store, commit, ref, sources });
    if ((await kindOf(store)) !== 'missing') return missing(`${store} is in the way`);
    return makeStore(git, { ...request, ref });
  });
}

async function keepIn(
  git: Git,
  {
    store,
    commit,
    ref,
    sources,
  }: Pick<KeepRequest, 'store' | 'commit' | 'sources'> & { readonly ref: string },
): Promise<KeepOutcome> {
  return withInner(git, { gitDir: store, workTree: store }, async (inner) => {
    if (await isReachable(inner, commit)) return { status: 'present' };
    if ((await readRef(inner, ref)) === commit) return { status: 'kept' };
    if (await isComplete(inner, commit)) return written(inner, ref, commit);
    let reason = 'no repository at hand has it';
    for (const source of sources) {
      if (source.gitDir === store || !(await isGitDir(source.gitDir))) continue;
      const failure = await fetchFrom(git, inner, source, { commit, ref });
      if (failure === null && (await readRef(inner, ref)) === commit) return { status: 'kept' };
      reason = failure ?? reason;
    }
    return missing(reason);
  });
}

/** Makes a repository as `git submodule update` would have made it, complete or not at all. */
async function makeStore(git: Git, request: KeepRequest & { readonly ref: string }): Promise<KeepOutcome> {
  const { store, commit, ref, sources, url } = request;
  const [source] = sources;
  if (source === undefined) return missing('no repository at hand has it');
  // Beside it, so that it takes its place by one rename; what a kill has left of it is made anew.
  const draft = `${store}.pwt-draft`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(store), { recursive: true });
  try {
    const format = await withInner(git, source, (inner) => inner.text(['rev-parse', '--show-object-format']));
    await git.run(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, draft], {
      // Else it would be made where `git` works.
      discover: true,
    });
    const config = ['config', '--file', join(draft, 'config')];
    await git.run([...config, 'core.bare', 'false']);
    if (url != null) {
      await git.run([...config, 'remote.origin.url', url]);
      await git.run([...config, 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*']);
    }
    const outcome = await keepIn(git, { store: draft, commit, ref, sources });
    if (outcome.status !== 'missing') await rename(draft, store);
    return outcome;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Why it failed; `null` if it did not. */
async function fetchFrom(
  git: Git,
  into: Git,
  source: InnerPlace,
  { commit, ref }: { readonly commit: string; readonly ref: string },
): Promise<string | null> {
  return withInner(git, source, async (_, mirror) => {
    const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--force'];
    const fetch = (...more: readonly string[]) =>
      into.run(['fetch', ...options, ...more, '--', mirror, `${commit}:${ref}`], {
        // A path of this machine and nothing else, whatever the user allows for remotes.
        env: { GIT_ALLOW_PROTOCOL: 'file' },
      });
    const isShallow = (await kindOf(join(await realpath(source.gitDir), 'shallow'))) === 'file';
    try {
      await fetch(...(isShallow ? ['--update-shallow'] : []));
      return null;
    } catch (error) {
      if (!hasCode(error, 'PWT_GIT_FAILED')) throw error;
      return error.message;
    }
  });
}

async function written(inner: Git, ref: string, commit: string): Promise<KeepOutcome> {
  const update = await updateRef(inner, { ref, newValue: commit, oldValue: await readRef(inner, ref) });
  return update.status === 'updated' ? { status: 'kept' } : missing(`${ref} was moved meanwhile`);
}

/** True if a ref that is not ours has it; HEAD is none, since `git submodule update` moves it. */
async function isReachable(inner: Git, commit: string): Promise<boolean> {
  const args = ['rev-list', '--max-count=1', commit, '--not', '--exclude=refs/pwt/*', '--glob=refs/*'];
  const { exitCode, stdout } = await inner.run(args, { okExitCodes: [0, 128] });
  return exitCode === 0 && stdout === '';
}

/** True if the commit is there with its whole history: an interrupted fetch may have left a part of it. */
async function isComplete(inner: Git, commit: string): Promise<boolean> {
  const args = ['rev-list', '--objects', '--quiet', commit, '--not', '--glob=refs/*'];
  return (await inner.run(args, { okExitCodes: [0, 1, 128] })).exitCode === 0;
}

/**
 * Where a git directory keeps the repository of a submodule; `null` if git would not take that name there: it leads
 * out, or into another repository (`validate_submodule_git_dir` of git).
 */
export async function modulePath(gitDir: string, name: string): Promise<string | null> {
  if (!isSafeName(name)) return null;
  const parts = name.split('/');
  let folder = join(gitDir, 'modules');
  for (const [index, part] of parts.entries()) {
    if (index > 0 && (await isGitDir(folder))) return null;
    if ((await kindOf(folder)) === 'link') return null;
    folder = join(folder, part);
  }
  return (await kindOf(folder)) === 'link' ? null : folder;
}

function missing(reason: string): KeepOutcome {
  return { status: 'missing', reason };
}
