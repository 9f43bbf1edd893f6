import { type CommitId, isOpenError, type LandOutcome, type RepositoryChange } from '@pwt/core';
import { recordChange } from '../run/findings.js';
import { recordAddedCommits } from '../run/lookout/added-commits.js';
import { describeRewrite } from '../run/lookout/rewrite.js';
import type { RunContext } from '../run/run-context.js';
import type { Refusal } from './refusals.js';

/** What a move of the target is. `undecided`: the user decides on it first. */
export type TargetMove =
  | { readonly status: 'to-join' }
  | { readonly status: 'undecided'; readonly rewrite: RepositoryChange | undefined };

/**
 * Looks at a move of the target that this run has not made, and puts it on record. It is not to be joined if the target
 * no longer contains what was known of it, or was moved behind a checkout whose files can't follow.
 */
export async function followTarget(context: RunContext, known: CommitId, tip: CommitId): Promise<TargetMove> {
  const { parts, runId, target, lookout, agents } = context;
  const running = lookout?.ranWhenMovedTo(tip) ?? agents.taskIds;
  const rewrite = await describeRewrite(context, known, tip);
  if (rewrite !== undefined) await recordChange(context, rewrite, running);
  else await recordAddedCommits(context, known, tip, running);
  // Where the user is to decide on the move, the files stay until then.
  const move = { runId, target, from: known, to: tip, onlyLook: rewrite !== undefined };
  const findings = (await parts.merger.updateCheckouts?.(move)) ?? [];
  for (const finding of findings) await recordChange(context, finding, running);
  const isFree = rewrite === undefined && findings.every(({ severity }) => severity !== 'error');
  return isFree ? { status: 'to-join' } : { status: 'undecided', rewrite };
}

/** What is said of a move that is not to be joined, once it is on record. */
export function refusalOfMove(
  { log, target }: Pick<RunContext, 'log' | 'target'>,
  tip: CommitId,
  rewrite: RepositoryChange | undefined,
): { readonly outcome: LandOutcome; readonly refusal: Refusal } {
  const {
    message,
    hint,
    subjects = [],
  } = rewrite ??
    log.state.findings.findLast((finding) => finding.kind === 'target' && isOpenError(finding)) ?? {
      message: `${target} was moved to ${tip}.`,
    };
  const outcome: LandOutcome = rewrite
    ? { status: 'moved', tip }
    : { status: 'refused', reason: 'checkout', paths: subjects, message };
  return { outcome, refusal: { message, hint } };
}
