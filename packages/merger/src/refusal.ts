import { join } from 'node:path';
import { type LandOutcome, type LandRequest, shellQuote } from '@pwt/core';
import type { WorktreeEntry } from '@pwt/git';
import type { BranchCheckout } from './checkouts.js';
import { adoptInterrupted } from './interrupted.js';
import type { KnownMerges } from './known-merges.js';
import { type LockWait, waitForLocks } from './locks.js';
import { findOverwritten, readTracked } from './overwritten.js';

export interface LandOptions extends LockWait {
  /** The git directory that all worktrees share. Absolute. */
  readonly commonDir: string;
  readonly known: KnownMerges;
}

type Refused = Extract<LandOutcome, { status: 'refused' }>;

/** The first reason to refuse a landing before git is asked: an operation, a lock, or files of the user's. */
export async function findRefusal(
  ref: string,
  checkouts: readonly BranchCheckout[],
  request: LandRequest,
  options: LandOptions,
): Promise<Refused | null> {
  const { target } = request;
  for (const { path, operation } of checkouts) {
    if (operation === null) continue;
    return refused(
      'in-progress',
      [path],
      `A ${operation} is in progress in ${path}, which is on ${target}. Finish it or abort it (git -C ${shellQuote(path)} ${operation} ${operation === 'bisect' ? 'reset' : '--abort'}), then run: pwt land`,
    );
  }
  if (checkouts.length > 1) {
    const paths = checkouts.map(({ path }) => path);
    return refused(
      'locked',
      paths,
      `${target} is checked out in more than one place: ${paths.join(', ')}. Switch all but one to another branch, then run: pwt land`,
    );
  }
  const held = await waitForLocks(options.commonDir, ref, checkouts, options);
  if (held.length > 0) {
    return refused(
      'locked',
      held,
      `Another git process holds ${held.join(', ')}. Wait for it; if none is running, delete the file. Then run: pwt land`,
    );
  }
  const [checkout] = checkouts;
  return checkout === undefined ? null : findOverwriteRefusal(checkout, request, options.known, 'changed');
}

/**
 * Refuses a landing that would overwrite something of the user's in a checkout of the target. Files that an
 * interrupted landing has written there do not count; they are staged, see {@link adoptInterrupted}.
 *
 * @param among `changed`: before git is asked, look only at tracked files that the landing changes. Git refuses where others
 *   are in the way (unmerged ones, a folder that is a file by now); then all are looked at, to say which.
 */
export async function findOverwriteRefusal(
  checkout: BranchCheckout,
  { from, to }: Pick<LandRequest, 'from' | 'to'>,
  known: KnownMerges,
  among: 'all' | 'changed' = 'all',
): Promise<Refused | null> {
  const { git, path } = checkout;
  const changes = await known.changes(git, { from, to });
  const tracked = await readTracked(git, changes, among);
  const { unmerged } = tracked;
  if (unmerged.length > 0) {
    return refused(
      'in-progress',
      unmerged,
      `${path} has unresolved conflicts in: ${some(unmerged)}. Resolve them, then run: pwt land`,
    );
  }
  const overwritten = await findOverwritten(git, changes, tracked);
  const { dirty, untracked, ignored } = overwritten;
  if (dirty.length + untracked.length + ignored.length === 0) return null;
  if (await adoptInterrupted(git, { from, to, changes, overwritten })) return null;
  if (dirty.length > 0) {
    return refused(
      'dirty',
      dirty,
      `Uncommitted changes in ${path} are in the way: ${some(dirty)}. Commit or stash them, then run: pwt land`,
    );
  }
  if (untracked.length > 0) {
    const paths = [...untracked, ...ignored].sort();
    return refused(
      'untracked',
      paths,
      `Untracked files in ${path} are where the landing adds files: ${some(paths)}. Move them away, then run: pwt land`,
    );
  }
  return refused(
    'ignored',
    ignored,
    `Ignored files in ${path} are where the landing adds files: ${some(ignored)}. Move them away, then run: pwt land`,
  );
}

/** Refuses for a checkout that git takes for a bare repository: a landing would not update its files. */
export function refuseBare(path: string, { gitDir }: WorktreeEntry): Refused {
  const back = `git config --file ${shellQuote(join(gitDir, 'config'))} core.bare false`;
  const message = `core.bare says that ${path} has no working tree. Put it back with this, then run pwt land: ${back}`;
  return refused('checkout', [path], message);
}

/**
 * Refuses for a checkout that pwt can't see: if the branch moved without it, git would show the reversal of the
 * landing there as staged, and the next `commit -a` would revert it.
 */
export function refuseUnseen({ path, gitDir, main }: WorktreeEntry, target: string): Refused {
  const next = main
    ? 'Go to that working tree, and run there: pwt land'
    : `Mount its disk again, or give the worktree up (git worktree unlock ${shellQuote(path)} && git worktree prune). Then run: pwt land`;
  const what = main
    ? `The working tree of ${gitDir} is on ${target}, and git does not record where it is.`
    : `The worktree ${path} is on ${target}, and its files are missing.`;
  return refused('checkout', [path], `${what} ${next}`);
}

function refused(reason: Refused['reason'], paths: readonly string[], message: string): Refused {
  return { status: 'refused', reason, paths, message };
}

/** The first few of them. */
export function some(paths: readonly string[]): string {
  const rest = paths.length - 5;
  return paths.slice(0, 5).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
