import type { Git } from '../git.js';
import { resolveCommit } from '../refs.js';
import { storesOf } from './fetch-gitlinks.js';
import { listModules, type Module } from './find.js';
import { readSubmodules } from './gitmodules.js';
import { withInner } from './mirror.js';
import { keepCommit, modulePath } from './store.js';
import { configuredUrl, moduleUrl } from './url.js';

export interface SecureRequest {
  /** The worktree's own git directory, below which it has the repositories of its submodules. */
  readonly gitDir: string;
  /** Git directories of the project whose `modules` are to have the commits; at least one. */
  readonly keepers: readonly string[];
  /** The project's own checkout. */
  readonly checkout: string;
  /** Commits of the project with the submodules at their recorded state; and the work. */
  readonly treeishes: readonly string[];
  /** Submodule commits that are recorded in the project's history, so that they are elsewhere, too. */
  readonly recorded: readonly string[];
}

/** A repository whose commits could not be kept. */
export interface Unsafe {
  /** The submodule, and those around it, by name. */
  readonly name: string;
  readonly gitDir: string;
  readonly commit: string;
  readonly reason: string;
}

/**
 * Fetches every commit that only the submodules of a worktree have into the project's own repositories for them: what
 * any ref, HEAD or reflog of theirs names and no remote has. The worktree's git directory may be deleted only if the
 * answer is empty.
 *
 * @param git the project's
 */
export async function secureModules(git: Git, request: SecureRequest): Promise<Unsafe[]> {
  const paths = new Map<string, string>();
  const modules = await listModules(request.gitDir);
  if (modules.length === 0) return [];
  for (const treeish of request.treeishes) {
    for (const [path, { name }] of await readSubmodules(git, treeish)) paths.set(name, path);
  }
  const found: Unsafe[] = [];
  for (const module of modules) {
    const path = paths.get(module.name);
    const stores =
      path === undefined
        ? await storesByName(request.keepers, module.name)
        : await storesOf(request, path, module.name);
    found.push(...(await secureModule(git, module, stores, request)));
  }
  return found;
}

async function secureModule(
  git: Git,
  module: Module,
  stores: readonly string[],
  { recorded }: Pick<SecureRequest, 'recorded'>,
  isInside = false,
): Promise<Unsafe[]> {
  const place = { gitDir: module.gitDir, workTree: module.gitDir };
  const { loose, head } = await withInner(git, place, async (inner) => ({
    loose: await looseCommits(inner, recorded),
    head: await resolveCommit(inner, 'HEAD'),
  }));
  const deeper = await listModules(module.gitDir);
  const found: Unsafe[] = [];
  // What is inside needs the repository around it.
  const isNeeded = loose.length > 0 || (await holdsLoose(git, deeper, recorded));
  const configured = isInside ? null : await configuredUrl(git, module.name);
  const url = configured ?? (await moduleUrl(git, module.gitDir));
  const wanted = loose.length === 0 && isNeeded && head !== null ? [head] : loose;
  for (const commit of wanted) {
    for (const store of stores.length === 0 ? [null] : stores) {
      const reason =
        store === null
          ? 'its name leads into another repository'
          : await keep(git, { store, commit, url }, place);
      if (reason !== null) found.push({ name: module.name, gitDir: module.gitDir, commit, reason });
    }
  }
  for (const inner of deeper) {
    const below = await storesByName(stores, inner.name);
    const unsafe = await secureModule(git, inner, below, { recorded }, true);
    found.push(...unsafe.map((one) => ({ ...one, name: `${module.name}/${one.name}` })));
  }
  return found;
}

async function keep(
  git: Git,
  wanted: { readonly store: string; readonly commit: string; readonly url: string | null },
  place: { readonly gitDir: string; readonly workTree: string },
): Promise<string | null> {
  const outcome = await keepCommit(git, { ...wanted, sources: [place] });
  return outcome.status === 'missing' ? outcome.reason : null;
}

async function holdsLoose(
  git: Git,
  modules: readonly Module[],
  recorded: readonly string[],
): Promise<boolean> {
  for (const { gitDir } of modules) {
    const loose = await withInner(git, { gitDir, workTree: gitDir }, (inner) =>
      looseCommits(inner, recorded),
    );
    if (loose.length > 0 || (await holdsLoose(git, await listModules(gitDir), recorded))) return true;
  }
  return false;
}

/** Commits that no remote has and that are not recorded, without those that another of them contains. */
async function looseCommits(inner: Git, recorded: readonly string[]): Promise<string[]> {
  const lines = await inner.lines([
    ...['rev-list', '--parents', '--ignore-missing', '--all', '--reflog', '--not', '--remotes'],
    ...recorded,
  ]);
  const commits = lines.map((line) => line.split(' '));
  const parents = new Set(commits.flatMap(([, ...rest]) => rest));
  return commits.flatMap(([commit = '']) => (parents.has(commit) ? [] : [commit]));
}

async function storesByName(keepers: readonly string[], name: string): Promise<string[]> {
  const stores = await Promise.all(keepers.map((keeper) => modulePath(keeper, name)));
  return stores.filter((store): store is string => store !== null);
}
