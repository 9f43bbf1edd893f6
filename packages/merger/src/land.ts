import { type CommitId, type LandOutcome, type LandRequest, PwtError, shellQuote } from '@pwt/core';
import { type Git, gitsWords, listWorktrees, readRef, resolveCommit, updateRef } from '@pwt/git';
import { type BranchCheckout, findCheckouts, findUnseen } from './checkouts.js';
import type { KnownMerges } from './known-merges.js';
import { findObstacleRefusal, findRefusal, type LandOptions, refuseUnseen } from './refusal.js';
import { branchRef } from './run-refs.js';

/**
 * Moves a branch, and the files of the one working tree that has it checked out, if any.
 *
 * Nobody has it checked out: a compare-and-swap of the ref. Somebody has: everything of the user's that is in
 * the way is looked for first and is a `refused`; then `git merge --ff-only` moves ref, index and files there,
 * with no autostash, no hook, and no overwriting of ignored files. Changes of the user's elsewhere in the tree
 * (modified, staged, untracked, ignored) stay as they are, byte for byte.
 *
 * @throws PWT_NOT_A_FAST_FORWARD if `to` does not contain `from`
 * @throws PWT_LAND_FAILED if git refuses for a reason that the checks do not know
 */
export async function land(git: Git, request: LandRequest, options: LandOptions): Promise<LandOutcome> {
  const { target, from, to } = request;
  const { known } = options;
  const ref = branchRef(target);
  const worktrees = await listWorktrees(git, options);
  // A working tree that is on the branch is where the branch is.
  const user = worktrees.find(({ branch }) => branch === ref);
  const tip = user?.headCommit ?? (await readRef(git, ref));
  const settled = await alreadySettled(git, tip, request, known);
  if (settled !== null) return settled;
  if (!(await known.contains(git, { ancestor: from, descendant: to }))) {
    throw new PwtError('PWT_NOT_A_FAST_FORWARD', `${to} does not contain ${from}, the tip of ${target}.`, {
      hint: 'Landing it would take commits off the branch. Integrate the branch first: pwt resume',
      data: { target, from, to },
    });
  }
  const [unseen] = findUnseen(ref, worktrees);
  if (unseen !== undefined) return refuseUnseen(unseen, target);
  const checkouts = await findCheckouts(git, ref, worktrees, options);
  const refusal = await findRefusal(ref, checkouts, request, options);
  if (refusal !== null) return refusal;
  const [checkout] = checkouts;
  return checkout === undefined ? moveRef(git, ref, request) : mergeThere(git, ref, checkout, request, known);
}

/** What the tip alone decides: gone, moved, or landed before (by an interrupted call). */
async function alreadySettled(
  git: Git,
  tip: CommitId | null,
  { from, to }: LandRequest,
  known: KnownMerges,
): Promise<LandOutcome | null> {
  if (tip === null) return { status: 'moved' };
  if (tip === from && from !== to) return null;
  if (await known.contains(git, { ancestor: to, descendant: tip })) return { status: 'landed' };
  return { status: 'moved', tip };
}

async function moveRef(git: Git, ref: string, { runId, from, to }: LandRequest): Promise<LandOutcome> {
  const update = await updateRef(git, {
    ref,
    newValue: to,
    oldValue: from,
    reflogMessage: `pwt ${runId}: land`,
  });
  if (update.status === 'updated') return { status: 'landed' };
  return update.actual === null ? { status: 'moved' } : { status: 'moved', tip: update.actual };
}

/** Flags that win over `branch.<name>.mergeOptions` and `merge.*` of the user. */
const FAST_FORWARD_ONLY = [
  ...['merge', '--ff-only', '--no-overwrite-ignore', '--no-autostash', '--commit', '--no-squash'],
  ...['--no-edit', '--no-stat', '--no-verify-signatures', '--quiet'],
];

async function mergeThere(
  git: Git,
  ref: string,
  checkout: BranchCheckout,
  request: LandRequest,
  known: KnownMerges,
): Promise<LandOutcome> {
  const { exitCode, stderr } = await checkout.git.run([...FAST_FORWARD_ONLY, request.to], {
    env: { GIT_REFLOG_ACTION: `pwt ${request.runId}: land` },
    okExitCodes: [0, 1, 2, 128],
  });
  const tip = await readRef(git, ref);
  if (tip === request.to) return { status: 'landed' };
  if (tip !== request.from) return tip === null ? { status: 'moved' } : { status: 'moved', tip };
  // Something came in the way after the checks: say what, if they see it now.
  const refusal = await findObstacleRefusal(checkout, request, known);
  if (refusal !== null) return refusal;
  const head = await resolveCommit(checkout.git, 'HEAD');
  throw new PwtError(
    'PWT_LAND_FAILED',
    `git could not move ${request.target} in ${checkout.path}: ${gitsWords(stderr)}`,
    {
      hint: `Look at it with: git -C ${shellQuote(checkout.path)} status. What was to land is at ${request.to}.`,
      data: { target: request.target, path: checkout.path, exitCode, stderr, head, to: request.to },
    },
  );
}
