import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finding, hasCode, type LandRequest, shellQuote } from '@pwt/core';
import { type ChangedFile, changedFiles, followBranch, type Git, listWorktrees } from '@pwt/git';
import { type BranchCheckout, findCheckouts } from './checkouts.js';
import { findOverwritten, readTracked } from './overwritten.js';
import { branchRef } from './run-refs.js';

/** How a checkout stands to its branch after the branch was moved. */
type CheckoutState =
  /** It moved with the branch, or has never been at the old tip. */
  | 'up-to-date'
  /** Index and files of what changed are as they were at the old tip. */
  | 'behind'
  /** Some of them are and others are not, or an update would overwrite something of the user's. */
  | 'mixed';

/**
 * Looks for checkouts of the target that stayed at the old tip when the branch was moved without them
 * (`git update-ref`, a push to a checked-out branch). There git shows the reversal of the move as staged, and the next
 * `commit -a` would revert it.
 *
 * Where index and files of all changed paths are exactly those of the old tip, they are updated; nothing else in the
 * tree is touched. Otherwise nothing is changed, and the finding is an error.
 */
export async function updateCheckouts(
  git: Git,
  request: LandRequest & { readonly onlyLook?: boolean },
  options: { readonly commonDir: string },
): Promise<Finding[]> {
  const ref = await followBranch(options.commonDir, branchRef(request.target));
  const [checkouts, changes] = await Promise.all([
    listWorktrees(git, options).then((worktrees) => findCheckouts(git, ref, worktrees, options)),
    changedFiles(git, { from: request.from, to: request.to, renames: false }),
  ]);
  const findings: Finding[] = [];
  for (const checkout of checkouts) {
    // A rebase or the like updates index and files itself when it ends.
    if (checkout.operation !== null) continue;
    const state = await findState(checkout, request, changes);
    if (state === 'up-to-date') continue;
    const isMovable = state === 'behind' && request.onlyLook !== true;
    const moved = isMovable && (await moveFiles(checkout, request));
    findings.push(moved ? updatedFinding(checkout, request) : behindFinding(checkout, request));
  }
  return findings;
}

async function findState(
  { git, gitDir }: BranchCheckout,
  { from, to }: LandRequest,
  changes: readonly ChangedFile[],
): Promise<CheckoutState> {
  const staged = new Set(await stagedAgainst(git, from));
  const kept = changes.filter(({ path }) => !staged.has(path));
  if (kept.length === 0) return 'up-to-date';
  const all = kept.length === changes.length;
  // If HEAD itself moved there, the user has staged what differs from it.
  if (!all) return (await headMovedTo(gitDir, to)) ? 'up-to-date' : 'mixed';
  const [edited, tracked] = await Promise.all([
    git.zRecords(['diff-files', '--name-only', '-z', '--no-ext-diff']),
    readTracked(git, changes),
  ]);
  const { dirty, untracked, ignored } = await findOverwritten(git, changes, { ...tracked, edited });
  if (dirty.length + untracked.length + ignored.length === 0) return 'behind';
  // A user who stages the reversal of a commit looks the same, but then HEAD has moved there.
  return (await headMovedTo(gitDir, to)) ? 'up-to-date' : 'mixed';
}

/** The paths whose staged content is not that of a commit. */
export async function stagedAgainst(git: Git, commit: string): Promise<string[]> {
  return git.zRecords(['diff-index', '--cached', '--name-only', '-z', '--no-renames', commit, '--']);
}

/**
 * True if the last entry of HEAD's reflog says that a command that also updates index and files (a commit, a merge, a
 * pull) has moved HEAD there. `git update-ref` writes no message, and `git reset` the same one with and without files.
 */
async function headMovedTo(gitDir: string, to: string): Promise<boolean> {
  const log = await readFile(join(gitDir, 'logs/HEAD'), 'utf8').catch(() => '');
  const [place = '', words = ''] = log.trimEnd().split('\n').at(-1)?.split('\t') ?? [];
  return place.split(' ')[1] === to && words !== '' && !words.startsWith('reset:');
}

/** Moves index and files from one commit to the other; paths that are the same in both stay as they are. */
async function moveFiles({ git }: BranchCheckout, { from, to }: LandRequest): Promise<boolean> {
  try {
    await git.run(['read-tree', '-m', '-u', from, to]);
    return true;
  } catch (error) {
    if (!hasCode(error, 'PWT_GIT_FAILED')) throw error;
    return false;
  }
}

function updatedFinding({ path }: BranchCheckout, { target, from, to }: LandRequest): Finding {
  return {
    kind: 'target',
    severity: 'warning',
    taskIds: [],
    message: `${target} was moved to ${short(to)} without ${path}, whose files stayed at ${short(from)}; pwt has updated them.`,
    hint: `If the move was not yours, look at its commits: git log ${short(from)}..${short(to)}`,
    subjects: [path],
  };
}

function behindFinding({ path }: BranchCheckout, { target, from, to }: LandRequest): Finding {
  const ref = shellQuote(branchRef(target));
  return {
    kind: 'target',
    severity: 'error',
    taskIds: [],
    message: `${target} was moved to ${short(to)} without ${path}: git shows the reversal of the move there as staged.`,
    hint: `Put the branch back where its files are with this, then run pwt land: git update-ref ${ref} ${from} ${to}`,
    subjects: [path],
  };
}

function short(commit: string): string {
  return commit.slice(0, 10);
}
