import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finding, hasCode, type LandRequest, shellQuote } from '@pwt/core';
import { type ChangedFile, changedFiles, type Git, listWorktrees } from '@pwt/git';
import { type BranchCheckout, findCheckouts } from './checkouts.js';
import { findObstacles, readTracked } from './obstacles.js';
import { branchRef } from './run-refs.js';

/** What has become of a checkout when its branch was moved. */
type Place =
  /** It moved along, or has never been at the old tip. */
  | 'along'
  /** Index and files of what changed are as they were at the old tip. */
  | 'behind'
  /** Some of them are, and others are not, or something of the user's is in the way. */
  | 'torn';

/**
 * Looks for checkouts of the target that stayed at the old tip when the branch was moved without them
 * (`git update-ref`, a push to a checked-out branch): there git shows everything that came with the move as staged to
 * be taken back, and the next `commit -a` would do it.
 *
 * Where index and files of all that changed are exactly those of the old tip, they are brought along; nothing else in
 * the tree is touched. Otherwise nothing is changed, and the finding is an error.
 */
export async function updateCheckouts(
  git: Git,
  request: LandRequest & { readonly onlyLook?: boolean },
  options: { readonly commonDir: string },
): Promise<Finding[]> {
  const ref = branchRef(request.target);
  const [checkouts, changes] = await Promise.all([
    listWorktrees(git, options).then((worktrees) => findCheckouts(git, ref, worktrees, options)),
    changedFiles(git, { from: request.from, to: request.to, renames: false }),
  ]);
  const findings: Finding[] = [];
  for (const checkout of checkouts) {
    // An operation's own end brings index and files to where they belong.
    if (checkout.operation !== null) continue;
    const place = await findPlace(checkout, request, changes);
    if (place === 'along') continue;
    const isMovable = place === 'behind' && request.onlyLook !== true;
    const moved = isMovable && (await moveFiles(checkout, request));
    findings.push(moved ? broughtAlong(checkout, request) : leftBehind(checkout, request));
  }
  return findings;
}

async function findPlace(
  { git, gitDir }: BranchCheckout,
  { from, to }: LandRequest,
  changes: readonly ChangedFile[],
): Promise<Place> {
  const staged = new Set(await stagedAgainst(git, from));
  const kept = changes.filter(({ path }) => !staged.has(path));
  if (kept.length === 0) return 'along';
  const all = kept.length === changes.length;
  // HEAD itself went there: what is staged against it is what the user has staged.
  if (!all) return (await wentThere(gitDir, to)) ? 'along' : 'torn';
  const [edited, tracked] = await Promise.all([
    git.zRecords(['diff-files', '--name-only', '-z', '--no-ext-diff']),
    readTracked(git, changes),
  ]);
  const { dirty, untracked, ignored } = await findObstacles(git, changes, { ...tracked, edited });
  if (dirty.length + untracked.length + ignored.length === 0) return 'behind';
  // A user who takes back a commit stages the same, but HEAD has been there.
  return (await wentThere(gitDir, to)) ? 'along' : 'torn';
}

/** The paths whose staged content is not that of a commit. */
export async function stagedAgainst(git: Git, commit: string): Promise<string[]> {
  return git.zRecords(['diff-index', '--cached', '--name-only', '-z', '--no-renames', commit, '--']);
}

/**
 * True if a command that takes index and files along (a commit, a merge, a pull) has moved HEAD there, by HEAD's own
 * log. `git update-ref` leaves no words in it, and `git reset` the same ones with and without the files.
 */
async function wentThere(gitDir: string, to: string): Promise<boolean> {
  const log = await readFile(join(gitDir, 'logs/HEAD'), 'utf8').catch(() => '');
  const [place = '', words = ''] = log.trimEnd().split('\n').at(-1)?.split('\t') ?? [];
  return place.split(' ')[1] === to && words !== '' && !words.startsWith('reset:');
}

/** Moves index and files from one commit to the other; what the two agree on stays as it is. */
async function moveFiles({ git }: BranchCheckout, { from, to }: LandRequest): Promise<boolean> {
  try {
    await git.run(['read-tree', '-m', '-u', from, to]);
    return true;
  } catch (error) {
    if (!hasCode(error, 'PWT_GIT_FAILED')) throw error;
    return false;
  }
}

function broughtAlong({ path }: BranchCheckout, { target, from, to }: LandRequest): Finding {
  return {
    kind: 'target',
    severity: 'warning',
    taskIds: [],
    message: `${target} was moved to ${short(to)} behind ${path}, whose files stayed at ${short(from)}; they were brought along.`,
    hint: `If the move was not yours, look at what came with it: git log ${short(from)}..${short(to)}`,
    subjects: [path],
  };
}

function leftBehind({ path }: BranchCheckout, { target, from, to }: LandRequest): Finding {
  const ref = shellQuote(branchRef(target));
  return {
    kind: 'target',
    severity: 'error',
    taskIds: [],
    message: `${target} was moved to ${short(to)} behind ${path}: git shows there as staged what would take the move back.`,
    hint: `Put the branch back where its files are with this, then run pwt land: git update-ref ${ref} ${from} ${to}`,
    subjects: [path],
  };
}

function short(commit: string): string {
  return commit.slice(0, 10);
}
