import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeText, diskPath } from '../byte-text.js';
import type { Git } from '../git.js';
import { readGitDir } from '../git-dir.js';
import { findHidden } from '../hidden.js';
import { readOperationState } from '../operation.js';
import { resolveCommit } from '../refs.js';
import { readStatus, type StatusEntry } from '../status.js';
import { findInnerGitDir } from './find.js';
import { type Gitlink, listGitlinks } from './gitlinks.js';
import { type InnerPlace, kindOf, withInner } from './mirror.js';

/** A repository that is checked out at a gitlink of a worktree. */
export interface PopulatedGitlink extends Gitlink {
  /** In full, from the top of the worktree. */
  readonly fullPath: string;
  readonly place: InnerPlace;
  /** The commit it is on; `null` while there is none. */
  readonly head: string | null;
  /** What is uncommitted in it, without what is in its own submodules. */
  readonly entries: readonly StatusEntry[];
  /** Why pwt can't commit there now (a merge or the like, a lock); `null` if it can. */
  readonly busy: string | null;
  /** What is checked out at its own gitlinks. */
  readonly inner: readonly PopulatedGitlink[];
}

/** What is at the gitlinks of a worktree. */
export interface InnerScan {
  readonly populated: readonly PopulatedGitlink[];
  /**
   * What lies at a gitlink where no repository of the worktree is checked out: files that were written into a
   * submodule that is not initialised, say, or beside a `.git` that leads out of the worktree.
   */
  readonly stray: readonly string[];
}

/**
 * Reads what is at the gitlinks of a worktree, and at the gitlinks inside. Changes nothing, and git uses no
 * configuration of the inner repositories.
 *
 * @param git works in the worktree
 * @param options `linkedFrom`: where the worktree was until it was moved
 */
export async function scanInner(
  git: Git,
  options: { readonly linkedFrom?: string } = {},
): Promise<InnerScan> {
  const stray: string[] = [];
  const populated = await scan(git, git, { prefix: '', linkedFrom: options.linkedFrom ?? git.cwd, stray });
  return { populated, stray };
}

/** What is checked out at the gitlinks of a worktree: a part of {@link scanInner}. */
export async function scanGitlinks(
  git: Git,
  options: { readonly linkedFrom?: string } = {},
): Promise<readonly PopulatedGitlink[]> {
  return (await scanInner(git, options)).populated;
}

async function scan(
  project: Git,
  git: Git,
  {
    prefix,
    linkedFrom,
    stray,
  }: { readonly prefix: string; readonly linkedFrom: string; readonly stray: string[] },
): Promise<PopulatedGitlink[]> {
  const found: PopulatedGitlink[] = [];
  const around = { workTree: git.cwd, gitDir: await readGitDir(git) };
  for (const link of await listGitlinks(git)) {
    const workTree = join(git.cwd, link.path);
    const from = join(linkedFrom, link.path);
    const gitDir = await findInnerGitDir(workTree, { linkedFrom: from, around });
    const fullPath = `${prefix}${link.path}`;
    if (gitDir === null) {
      stray.push(...(await namesIn(workTree)).map((name) => `${fullPath}/${name}`));
      continue;
    }
    const place = { gitDir, workTree };
    const state = await withInner(project, place, async (inner) => ({
      head: await resolveCommit(inner, 'HEAD'),
      entries: await readEntries(inner),
      busy: await busyWith(inner),
      inner: await scan(project, inner, { prefix: `${fullPath}/`, linkedFrom: from, stray }),
    }));
    found.push({ ...link, fullPath, place, ...state });
  }
  return found;
}

/** Edits at which git was told not to look included. */
async function readEntries(inner: Git): Promise<StatusEntry[]> {
  const entries = await readStatus(inner);
  const hidden = (await findHidden(inner)).filter(({ path }) =>
    entries.every((entry) => entry.path !== path),
  );
  return [...entries, ...hidden];
}

/** Names in a folder; none for anything else, which git sees as a change by itself. */
export async function namesIn(folder: string): Promise<string[]> {
  if ((await kindOf(folder)) !== 'directory') return [];
  return (await readdir(diskPath(folder), { encoding: 'buffer' })).map(decodeText);
}

async function busyWith(inner: Git): Promise<string | null> {
  const { operation, indexLocked } = await readOperationState(inner);
  if (operation !== null) return `is in the middle of a ${operation}`;
  return indexLocked ? 'is locked by a git process' : null;
}
