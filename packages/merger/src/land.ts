import { type CommitId, type LandOutcome, type LandRequest, PwtError, shellQuote } from '@pwt/core';
import {
  followBranch,
  type Git,
  gitDirAt,
  gitsWords,
  listWorktrees,
  readHead,
  readRef,
  updateRef,
  wasKilled,
} from '@pwt/git';
import { stagedAgainst } from './behind.js';
import { type BranchCheckout, findCheckouts, findUnseen } from './checkouts.js';
import type { KnownMerges } from './known-merges.js';
import { putBack } from './put-back.js';
import {
  findOverwriteRefusal,
  findRefusal,
  type LandOptions,
  refuseBare,
  refuseUnseen,
  some,
} from './refusal.js';
import { branchRef } from './run-refs.js';

/**
 * Moves a branch, and the files of the one working tree that has it checked out, if any.
 *
 * Without such a checkout this is a compare-and-swap of the ref. With one, a landing that would overwrite something of
 * the user's is `refused`; otherwise `git merge --ff-only` moves ref, index and files there, with no autostash, no
 * hook, and no overwriting of ignored files. Changes of the user's elsewhere in the tree (modified, staged, untracked,
 * ignored) stay as they are, byte for byte.
 *
 * @throws PWT_NOT_A_FAST_FORWARD if `to` does not contain `from`
 * @throws PWT_LAND_FAILED if git refuses for a reason that the checks do not know
 */
export async function land(git: Git, request: LandRequest, options: LandOptions): Promise<LandOutcome> {
  try {
    return await landOnce(git, request, options);
  } catch (error) {
    if (!wasKilled(error)) throw error;
    // Try again: what the killed git has already done is recognised.
    await git.recovery?.recover();
    return landOnce(git, request, options);
  }
}

async function landOnce(git: Git, request: LandRequest, options: LandOptions): Promise<LandOutcome> {
  const { target, from, to } = request;
  const { known, commonDir } = options;
  const ref = await followBranch(commonDir, branchRef(target));
  const worktrees = await listWorktrees(git, options);
  // A working tree on the branch tells where the branch is.
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
  const [main] = worktrees;
  // The checkout that pwt works from has become a bare repository: its files would not follow the branch.
  if (main?.bare === true && (await gitDirAt(git.cwd)) === main.gitDir) return refuseBare(git.cwd, main);
  const [unseen] = findUnseen(ref, worktrees);
  if (unseen !== undefined) return refuseUnseen(unseen, target);
  const checkouts = await findCheckouts(git, ref, worktrees, options);
  const refusal = await findRefusal(ref, checkouts, request, options);
  if (refusal !== null) return refusal;
  const [checkout] = checkouts;
  return checkout === undefined
    ? moveRef(git, ref, request)
    : mergeThere(git, ref, checkout, request, options);
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

/** Flags that overrule `branch.<name>.mergeOptions` and `merge.*` of the user. */
const FAST_FORWARD_ONLY = [
  ...['merge', '--ff-only', '--no-overwrite-ignore', '--no-autostash', '--commit', '--no-squash'],
  ...['--no-edit', '--no-stat', '--no-verify-signatures', '--quiet'],
];

async function mergeThere(
  git: Git,
  ref: string,
  checkout: BranchCheckout,
  request: LandRequest,
  { known, commonDir }: LandOptions,
): Promise<LandOutcome> {
  const { exitCode, stderr } = await checkout.git.run([...FAST_FORWARD_ONLY, request.to], {
    env: { GIT_REFLOG_ACTION: `pwt ${request.runId}: land` },
    okExitCodes: [0, 1, 2, 128],
  });
  // A checkout on the branch tells where the branch is.
  const head = await readHead(checkout.git, commonDir);
  const tip = head?.branch === ref ? head.commit : await readRef(git, ref);
  if (tip === request.to) return landedThere(checkout, request, known);
  if (tip !== request.from) return tip === null ? { status: 'moved' } : { status: 'moved', tip };
  const changes = await known.changes(git, request);
  const lost = await putBack(checkout.git, { to: request.to, changes });
  // Has something changed since the checks? Repeat them to say what.
  const refusal = lost.length > 0 ? null : await findOverwriteRefusal(checkout, request, known);
  if (refusal !== null) return refusal;
  const words = `git could not move ${request.target} in ${checkout.path}: ${gitsWords(stderr)}`;
  throw new PwtError(
    'PWT_LAND_FAILED',
    lost.length === 0 ? words : `${words} Not there any more, and to be written again: ${some(lost)}.`,
    {
      hint: `Look at it with: git -C ${shellQuote(checkout.path)} status. What was to land is at ${request.to}.`,
      data: {
        target: request.target,
        path: checkout.path,
        exitCode,
        stderr,
        head: head?.commit ?? null,
        to: request.to,
        lost,
      },
    },
  );
}

/** Checks what git has done: the staged content of every landed path must be that of the landed commit. */
async function landedThere(
  { git, path }: BranchCheckout,
  { target, from, to }: LandRequest,
  known: KnownMerges,
): Promise<LandOutcome> {
  const [changes, staged] = await Promise.all([known.changes(git, { from, to }), stagedAgainst(git, to)]);
  const changed = new Set(changes.map((change) => change.path));
  const wrong = staged.filter((file) => changed.has(file));
  if (wrong.length === 0) return { status: 'landed' };
  const where = `git -C ${shellQuote(path)}`;
  const message = `${target} is at what landed, but ${path} is not: ${wrong.slice(0, 5).join(', ')}.`;
  const hint = `Look at it (${where} status), then update it: ${where} restore --staged --worktree --source=HEAD -- ${wrong.slice(0, 20).map(shellQuote).join(' ')}`;
  return {
    status: 'landed',
    findings: [{ kind: 'index', severity: 'error', taskIds: [], message, hint, subjects: wrong }],
  };
}
