import { join } from 'node:path';
import type { Git } from '../git.js';
import { readOperationState } from '../operation.js';
import { resolveCommit } from '../refs.js';
import { readStatus, type StatusEntry } from '../status.js';
import { findInnerGitDir } from './find.js';
import { type Gitlink, listGitlinks } from './gitlinks.js';
import { type InnerPlace, withInner } from './mirror.js';

/** A repository that is checked out at a gitlink of a worktree. */
export interface PopulatedGitlink extends Gitlink {
  /** In full, from the top of the worktree. */
  readonly fullPath: string;
  readonly place: InnerPlace;
  /** The commit it is on; `null` while there is none. */
  readonly head: string | null;
  /** What is uncommitted in it, without what is in its own submodules. */
  readonly entries: readonly StatusEntry[];
  /** Why no one else may commit there now; `null` if nothing is in progress. */
  readonly busy: string | null;
  /** What is checked out at its own gitlinks. */
  readonly inner: readonly PopulatedGitlink[];
}

/**
 * Looks into what is checked out at the gitlinks of a worktree, and at theirs. Changes nothing, and obeys no
 * configuration of what it looks into.
 *
 * @param git works in the worktree
 * @param options `linkedFrom`: where the worktree was until it was moved
 */
export async function scanGitlinks(
  git: Git,
  options: { readonly linkedFrom?: string } = {},
): Promise<PopulatedGitlink[]> {
  return scan(git, git, { prefix: '', linkedFrom: options.linkedFrom ?? git.cwd });
}

async function scan(
  project: Git,
  git: Git,
  { prefix, linkedFrom }: { readonly prefix: string; readonly linkedFrom: string },
): Promise<PopulatedGitlink[]> {
  const found: PopulatedGitlink[] = [];
  for (const link of await listGitlinks(git)) {
    const workTree = join(git.cwd, link.path);
    const from = join(linkedFrom, link.path);
    const gitDir = await findInnerGitDir(workTree, { linkedFrom: from });
    if (gitDir === null) continue;
    const place = { gitDir, workTree };
    const fullPath = `${prefix}${link.path}`;
    const state = await withInner(project, place, async (inner) => ({
      head: await resolveCommit(inner, 'HEAD'),
      entries: await readStatus(inner),
      busy: await busyWith(inner),
      inner: await scan(project, inner, { prefix: `${fullPath}/`, linkedFrom: from }),
    }));
    found.push({ ...link, fullPath, place, ...state });
  }
  return found;
}

async function busyWith(inner: Git): Promise<string | null> {
  const { operation, indexLocked } = await readOperationState(inner);
  if (operation !== null) return `is in the middle of a ${operation}`;
  return indexLocked ? 'is locked by a git process' : null;
}
