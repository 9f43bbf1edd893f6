import { type CommitId, PwtError, type RunState, shellQuote } from '@pwt/core';
import { checkAdvanced } from '../contract-check.js';
import { recordChange, recordFinding } from '../run/findings.js';
import type { RunContext } from '../run/run-context.js';

/**
 * Moves the integration ref to a rewritten target. Tasks that were integrated and have not landed go back into the queue:
 * their work is put on top of the target as it is. Does nothing if the target was not rewritten.
 *
 * The intent is recorded before the ref is moved; `reconcile` finishes it after a crash.
 *
 * @throws PwtError `PWT_REPLAY_UNSUPPORTED` if the merger can't do that, `PWT_TARGET_NOT_FOUND`
 */
export async function startOnRewritten(context: RunContext): Promise<void> {
  const { log, parts, target } = context;
  const { merger } = parts;
  const { landedTip: known, integration: from } = log.run;
  const tip = await merger.tip(target);
  if (tip === undefined) {
    throw new PwtError('PWT_TARGET_NOT_FOUND', `There is no branch ${JSON.stringify(target)} to land on.`, {
      hint: `Bring it back first: git update-ref ${shellQuote(`refs/heads/${target}`)} ${known}`,
      data: { target },
    });
  }
  if (tip === known || (await merger.contains({ ancestor: known, descendant: tip }))) return;
  if (!merger.replay || !merger.restart) {
    throw new PwtError('PWT_REPLAY_UNSUPPORTED', `${merger.name} can't put work onto a rewritten branch.`, {
      hint: `Merge the tasks' branches yourself. The commit that was tested is ${from}.`,
      data: { merger: merger.name, tip, known },
    });
  }
  await recordTakenOff(context, tip);
  await log.append({ type: 'target-replaced', from, known, tip, taskIds: inOrder(log.state) });
  await restartIntegration(context);
  const findings =
    (await merger.updateCheckouts?.({ runId: context.runId, target, from: known, to: tip })) ?? [];
  for (const finding of findings) await recordChange(context, finding, []);
}

/** Moves the integration ref to its new start, as recorded in the log. */
export async function restartIntegration({ log, parts, runId }: RunContext): Promise<void> {
  const { replaced, integration } = log.run;
  if (replaced === undefined || !parts.merger.restart) return;
  const outcome = checkAdvanced(
    parts.merger.name,
    await parts.merger.restart({ runId, from: replaced, to: integration }),
  );
  if (outcome.status === 'advanced' || outcome.tip === integration) return;
  throw new PwtError(
    'PWT_INTEGRATION_REF_MOVED',
    `The integration ref of run ${runId} was moved, and not by pwt.`,
    {
      hint: `Put it back with: git update-ref refs/pwt/${runId}/integration ${replaced}`,
      data: { expected: replaced, found: outcome.tip },
    },
  );
}

/** Tasks whose work was integrated, or is based on another history, and is to be joined again, in its old order. */
export function replayedTasks({ tasks }: RunState): string[] {
  return [...tasks.values()]
    .filter(
      ({ over, integratedAt, outcome, commit }) =>
        (over ?? integratedAt) !== undefined && outcome === undefined && commit !== undefined,
    )
    .sort((a, b) => (a.integratedAt ?? Number.MAX_VALUE) - (b.integratedAt ?? Number.MAX_VALUE))
    .map(({ task }) => task.id);
}

function inOrder({ tasks }: RunState): string[] {
  return [...tasks.values()]
    .filter(({ outcome }) => outcome === 'integrated')
    .sort((a, b) => (a.integratedAt ?? 0) - (b.integratedAt ?? 0))
    .map(({ task }) => task.id);
}

/** Reports landed work that is no longer on the target. It is not landed again: the user removed it. */
async function recordTakenOff(context: RunContext, tip: CommitId): Promise<void> {
  const { log, parts, target, options } = context;
  for (const { task, outcome, integratedAs, commit, over, noChange } of [...log.state.tasks.values()]) {
    if (outcome !== 'landed' || integratedAs === undefined || noChange !== undefined) continue;
    if (await parts.merger.contains({ ancestor: integratedAs, descendant: tip })) continue;
    const isMerge = options.strategy === 'merge' && over === undefined;
    await recordFinding(context, {
      kind: 'target',
      severity: 'warning',
      taskIds: [task.id],
      message: `Task ${task.id} had landed, but its work is not on the rewritten ${target}. It is not landed again.`,
      hint: `To land it again: git cherry-pick ${isMerge ? '-m 1 ' : ''}${integratedAs}`,
      subjects: [commit ?? integratedAs],
    });
  }
}
