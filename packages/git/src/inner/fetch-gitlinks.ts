import { join } from 'node:path';
import type { Git } from '../git.js';
import { resolveCommit } from '../refs.js';
import { findInnerGitDir } from './find.js';
import { type NewGitlink, newGitlinks } from './gitlinks.js';
import { readSubmodules, type SubmoduleEntry } from './gitmodules.js';
import { type InnerPlace, isGitDir, kindOf, withInner } from './mirror.js';
import { keepCommit, modulePath } from './store.js';
import { configuredUrl, isPlainUrl, moduleUrl } from './url.js';

/** Where a repository has its submodules: a level of a project, or of one of its submodules. */
export interface InnerLevel {
  /** Git directories of the project whose `modules` are to have the commits; at least one. */
  readonly keepers: readonly string[];
  /** The project's own checkout at this level, whose submodules may be anywhere. */
  readonly checkout: string;
  /** The worktree that the commits come from, and its git directory. */
  readonly worktree: InnerPlace;
}

/** What became of a gitlink that is new. */
export type FetchedGitlink = NewGitlink & {
  /** In full, from the top of the project. */
  readonly fullPath: string;
} & (
    | {
        readonly status: 'fetched';
        readonly name: string;
        /** The repositories that have the commit now. */
        readonly stores: readonly string[];
        /** True if one of them has it only because of us. */
        readonly isNew: boolean;
      }
    /** No `.gitmodules` says where the commit comes from. */
    | { readonly status: 'nameless' }
    /** No local repository has the commit, or it could not be fetched. */
    | {
        readonly status: 'missing';
        readonly name: string;
        readonly store: string | null;
        readonly reason: string;
      }
  );

/**
 * Fetches the commits of new gitlinks into the repositories that the project keeps for its submodules, so that they
 * outlive the worktree and `git submodule update` finds them; and so on for the submodules of each commit that no
 * remote has.
 *
 * @param git works in the repository that has the gitlinks
 * @param treeish the commit or tree that has them, and its `.gitmodules`
 */
export async function fetchGitlinks(
  git: Git,
  request: { readonly level: InnerLevel; readonly treeish: string; readonly links: readonly NewGitlink[] },
  /** The path of the level, with a final slash; the project's git. */
  above: { readonly prefix: string; readonly project: Git } = { prefix: '', project: git },
): Promise<FetchedGitlink[]> {
  const { level, treeish, links } = request;
  if (links.length === 0) return [];
  const names = await readSubmodules(git, treeish);
  const fetched: FetchedGitlink[] = [];
  for (const link of links) {
    fetched.push(...(await fetchOne(above.project, level, link, names.get(link.path), above.prefix)));
  }
  return fetched;
}

async function fetchOne(
  project: Git,
  level: InnerLevel,
  link: NewGitlink,
  entry: SubmoduleEntry | undefined,
  prefix: string,
): Promise<FetchedGitlink[]> {
  const { path, commit } = link;
  const fullPath = `${prefix}${path}`;
  const sources = await sourcesOf(level, path, entry?.name);
  const stores = await storesOf(level, path, entry?.name);
  if (stores.length === 0) {
    if (entry === undefined) return [{ ...link, fullPath, status: 'nameless' }];
    const reason = `git takes no submodule of the name ${JSON.stringify(entry.name)} there`;
    return [{ ...link, fullPath, status: 'missing', name: entry.name, store: null, reason }];
  }
  const name = entry?.name ?? path;
  let isNew = false;
  for (const store of stores) {
    const from = [...sources, ...stores.map((other) => ({ gitDir: other, workTree: other }))];
    const url = entry === undefined ? null : await urlOf(project, prefix, entry, sources[0]);
    const outcome = await keepCommit(project, { store, commit, sources: from, url });
    if (outcome.status === 'missing') {
      return [{ ...link, fullPath, status: 'missing', name, store, reason: outcome.reason }];
    }
    isNew ||= outcome.status === 'kept';
  }
  const [source = { gitDir: stores[0] ?? '', workTree: stores[0] ?? '' }] = sources;
  const inner = await fetchBelow(project, level, { ...link, stores, source }, `${fullPath}/`);
  return [{ ...link, fullPath, status: 'fetched', name, stores, isNew }, ...inner];
}

/** What a commit that only the worktree has needs in turn. What a remote has is its project's own affair. */
async function fetchBelow(
  project: Git,
  level: InnerLevel,
  { path, commit, before, stores, source }: NewGitlink & { stores: readonly string[]; source: InnerPlace },
  prefix: string,
): Promise<FetchedGitlink[]> {
  return withInner(project, source, async (inner) => {
    const local = await inner.text(['rev-list', '--max-count=1', commit, '--not', '--remotes']);
    if (local === '') return [];
    const from = before !== null && (await resolveCommit(inner, before)) !== null ? before : null;
    const links = await newGitlinks(inner, from, commit);
    const below = { keepers: stores, checkout: join(level.checkout, path), worktree: source };
    return fetchGitlinks(inner, { level: below, treeish: commit, links }, { prefix, project });
  });
}

/** Where the worktree may have the commit: in what is checked out at the path, or what goes by the name. */
async function sourcesOf(
  { worktree }: InnerLevel,
  path: string,
  name: string | undefined,
): Promise<InnerPlace[]> {
  const workTree = join(worktree.workTree, path);
  const linked = await findInnerGitDir(workTree, { around: worktree });
  const named = name === undefined ? null : await modulePath(worktree.gitDir, name);
  const found: InnerPlace[] = linked === null ? [] : [{ gitDir: linked, workTree }];
  if (named !== null && named !== linked && (await isGitDir(named))) {
    found.push({ gitDir: named, workTree: named });
  }
  return found;
}

/**
 * Where the project has the submodule: what its checkout has at the path, old style with a `.git` folder or not;
 * and what goes by the name in each git directory. Nothing is made beside a `.git` folder: a later
 * `git submodule absorbgitdirs` wants that place.
 */
export async function storesOf(
  level: Pick<InnerLevel, 'checkout' | 'keepers'>,
  path: string,
  name: string | undefined,
): Promise<string[]> {
  const folder = join(level.checkout, path);
  const own = await findInnerGitDir(folder);
  const isEmbedded = (await kindOf(join(folder, '.git'))) === 'directory';
  const stores = own === null ? [] : [own];
  for (const keeper of name === undefined ? [] : level.keepers) {
    const store = await modulePath(keeper, name ?? '');
    if (store === null) return [];
    if (!stores.includes(store) && (!isEmbedded || (await isGitDir(store)))) stores.push(store);
  }
  return stores;
}

/** Where a submodule comes from; those inside another one are not in the project's configuration. */
async function urlOf(
  project: Git,
  prefix: string,
  { name, url }: SubmoduleEntry,
  source: InnerPlace | undefined,
): Promise<string | null> {
  const configured = prefix === '' ? await configuredUrl(project, name) : null;
  return (
    configured ?? (isPlainUrl(url) ? url : source === undefined ? null : moduleUrl(project, source.gitDir))
  );
}
