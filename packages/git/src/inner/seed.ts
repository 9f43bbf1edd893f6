import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../git.js';
import { readRef } from '../refs.js';
import { listModules } from './find.js';
import { listGitlinksOf } from './gitlinks.js';
import { readSubmodules } from './gitmodules.js';
import { type InnerPlace, kindOf, withInner } from './mirror.js';
import { keepCommit, keptRef, modulePath } from './store.js';
import { configuredUrl, moduleUrl } from './url.js';

export interface SeedRequest {
  /** The git directory that the project's own repositories of its submodules are in. */
  readonly commonDir: string;
  /** The git directory of the worktree, which has none yet. */
  readonly gitDir: string;
  /** What is checked out in the worktree. */
  readonly commit: string;
}

/**
 * Gives a new worktree the submodule commits that {@link keepCommit} has kept in the project: no remote is known to
 * have those, so `git submodule update` would not find them. Starts no git process if there are none.
 *
 * @param git the project's
 */
export async function seedModules(git: Git, { commonDir, gitDir, commit }: SeedRequest): Promise<void> {
  const keeping: string[] = [];
  for (const module of await listModules(commonDir)) {
    if (await hasOurRefs(module.gitDir)) keeping.push(module.name);
  }
  if (keeping.length === 0) return;
  const names = await readSubmodules(git, commit);
  for (const link of await listGitlinksOf(git, commit)) {
    const { name } = names.get(link.path) ?? {};
    if (name === undefined || !keeping.includes(name)) continue;
    const [from, store] = [await modulePath(commonDir, name), await modulePath(gitDir, name)];
    if (from === null || store === null) continue;
    await seedOne(git, { gitDir: from, workTree: from }, { name, store, commit: link.commit });
  }
}

async function seedOne(
  git: Git,
  source: InnerPlace,
  { name, store, commit }: { readonly name: string; readonly store: string; readonly commit: string },
): Promise<void> {
  if ((await withInner(git, source, (inner) => readRef(inner, keptRef(commit)))) !== commit) return;
  const url = (await configuredUrl(git, name)) ?? (await moduleUrl(git, source.gitDir));
  await keepCommit(git, { store, commit, sources: [source], url });
}

async function hasOurRefs(gitDir: string): Promise<boolean> {
  if ((await kindOf(join(gitDir, 'refs/pwt'))) === 'directory') return true;
  if ((await kindOf(join(gitDir, 'packed-refs'))) !== 'file') return false;
  return (await readFile(join(gitDir, 'packed-refs'), 'utf8')).includes(' refs/pwt/');
}
