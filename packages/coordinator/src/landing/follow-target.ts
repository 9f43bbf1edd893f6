import { type Blame, type CommitId, isOpenError, type LandOutcome, type RepositoryChange } from '@pwt/core';
import { recordAddedCommits } from '../run/lookout/added-commits.js';
import { recordBlamed } from '../run/lookout/blame.js';
import { describeRewrite } from '../run/lookout/rewrite.js';
import type { RunContext } from '../run/run-context.js';
import type { Refusal } from './refusals.js';

/** How a move of the target is handled. `undecided`: not before the user has decided. */
export type TargetMove =
  | { readonly status: 'to-join' }
  | { readonly status: 'undecided'; readonly rewrite: RepositoryChange | undefined };

/**
 * Records a move of the target that this run did not make. It is not joined if the target no longer contains the commit
 * that this run knew, or if a checkout has the target and its files can't be updated.
 */
export async function followTarget(context: RunContext, known: CommitId, tip: CommitId): Promise<TargetMove> {
  const { parts, runId, target, lookout, agents } = context;
  const unknown: Blame = { status: 'unclear', taskIds: agents.taskIds };
  const blame = (await lookout?.whoMovedTo(tip)) ?? unknown;
  const rewrite = await describeRewrite(context, known, tip);
  if (rewrite !== undefined) await recordBlamed(context, rewrite, blame);
  else await recordAddedCommits(context, known, tip, blame);
  // While the user decides, the files stay as they are.
  const move = { runId, target, from: known, to: tip, onlyLook: rewrite !== undefined };
  const findings = (await parts.merger.updateCheckouts?.(move)) ?? [];
  for (const finding of findings) await recordBlamed(context, finding, blame);
  const isFree = rewrite === undefined && findings.every(({ severity }) => severity !== 'error');
  return isFree ? { status: 'to-join' } : { status: 'undecided', rewrite };
}

/** The report about a move that is not joined. */
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
