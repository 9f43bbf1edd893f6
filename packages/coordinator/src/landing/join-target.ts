import { type CommitId, taskLists } from '@pwt/core';
import { checkAdvanced, checkIntegrated } from '../contract-check.js';
import type { RunContext } from '../run/run-context.js';
import { judgeWhole } from './judge-whole.js';
import type { Refusal } from './refusals.js';

/** `stopped`: the run is being stopped, and the gate gave no verdict. */
export type JoinOutcome =
  | { readonly status: 'joined' | 'stopped' }
  | { readonly status: 'refused'; readonly refusal: Refusal };

/**
 * Merges new commits of the target into the integration ref, once the gate lets them through.
 *
 * @param knownRed tips of the target that the gate did not let through; added to
 */
export async function joinTarget(
  context: RunContext,
  tip: CommitId,
  knownRed: Set<CommitId>,
): Promise<JoinOutcome> {
  const { log, parts, runId, target } = context;
  const onto = log.run.integration;
  await log.append({ type: 'target-moved', tip });
  const message = `Merge ${target} into the work of run ${runId}\n`;
  const answer = await parts.merger.integrate({
    runId,
    subject: { kind: 'target' },
    onto,
    commit: tip,
    message,
    lists: taskLists(log.state),
  });
  const outcome = checkIntegrated(parts.merger.name, answer);
  if (outcome.status === 'contained') {
    await log.append({ type: 'target-integrated', from: onto, commit: onto, tip });
    return { status: 'joined' };
  }
  if (outcome.status === 'conflicted') {
    await log.append({ type: 'target-conflicted', tip, paths: outcome.paths });
    const files = outcome.paths.map((entry) => entry.path).join(', ');
    return byHand(context, `${target} has changed in a way that conflicts with this run's work: ${files}.`);
  }
  const { commit } = outcome;
  if (parts.gate) {
    const isKnownRed = knownRed.has(tip);
    const whole = { taskIds: [], purpose: 'target', onto, commit, isKnownRed } as const;
    const judged = await judgeWhole(context, parts.gate, whole);
    if (judged.status === 'stopped') return { status: 'stopped' };
    if (judged.status === 'rejected') {
      const { status } = judged.verdict;
      if (status !== 'broken') knownRed.add(tip);
      return byHand(context, `Joined with what has come to ${target}, the gate is ${status}.`);
    }
  }
  const moved = await parts.merger.advance({ runId, from: onto, to: commit });
  const advanced = checkAdvanced(parts.merger.name, moved);
  if (advanced.status === 'moved' && advanced.tip !== commit) {
    const why = `The integration ref was moved to ${advanced.tip}, and not by pwt.`;
    return { status: 'refused', refusal: { message: why } };
  }
  await log.append({ type: 'target-integrated', from: onto, commit, tip });
  return { status: 'joined' };
}

/** For commits that only a person can merge; once they are merged, what is on the target counts as landed. */
function byHand({ runId, target }: RunContext, message: string): JoinOutcome {
  const hint = `Join them on ${target} yourself, and commit: git merge --no-commit refs/pwt/${runId}/integration`;
  return { status: 'refused', refusal: { message, hint } };
}
