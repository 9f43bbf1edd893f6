import { type CommitId, PwtError } from '@pwt/core';
import { checkCommit } from '../contract-check.js';
import { restartIntegration } from '../landing/rewritten.js';
import { recordIntegrated } from '../pipeline/advance.js';
import type { RunContext } from '../run/run-context.js';

/**
 * Records what happened before a crash and is not in the log: a move of the integration ref or of the target. Afterwards
 * the log and the repository agree.
 *
 * @throws PwtError `PWT_INTEGRATION_REF_MOVED` if nothing in the log explains where the ref is.
 */
export async function reconcile(context: RunContext, tip: CommitId): Promise<void> {
  await reconcileIntegration(context, checkCommit(context.parts.merger.name, 'open', tip));
  await reconcileTarget(context);
}

async function reconcileIntegration(context: RunContext, tip: CommitId): Promise<void> {
  const { log, runId } = context;
  const { integration: from, joining, advancing, tasks } = log.run;
  if (tip === from) return;
  if (advancing?.to === tip) {
    const left = advancing.tasks.filter(({ taskId }) => tasks.get(taskId)?.outcome === undefined);
    await recordIntegrated(context, from, left);
    return;
  }
  if (tip === log.state.replaced) {
    await restartIntegration(context);
    return;
  }
  const contains = (ancestor: CommitId) => context.parts.merger.contains({ ancestor, descendant: tip });
  if (joining !== undefined && (await contains(from)) && (await contains(joining))) {
    await log.append({ type: 'target-integrated', from, commit: tip, tip: joining });
    return;
  }
  throw new PwtError(
    'PWT_INTEGRATION_REF_MOVED',
    `The integration ref of run ${runId} was moved, and not by pwt.`,
    {
      hint: `Keep what it holds and put it back: git branch pwt-${runId}-${tip.slice(0, 8)} ${tip} && git update-ref refs/pwt/${runId}/integration ${from}`,
      data: { expected: from, found: tip },
    },
  );
}

async function reconcileTarget(context: RunContext): Promise<void> {
  const { log, parts, target } = context;
  const { landing, tasks } = log.state;
  if (!landing) return;
  const tip = await parts.merger.tip(target);
  if (tip === undefined || !(await parts.merger.contains({ ancestor: landing.to, descendant: tip }))) return;
  const taskIds: string[] = [];
  for (const { task, outcome, integratedAs } of [...tasks.values()]) {
    if (outcome !== 'integrated') continue;
    if (await parts.merger.contains({ ancestor: integratedAs, descendant: landing.to }))
      taskIds.push(task.id);
  }
  await log.append({ type: 'landed', target, from: landing.from, to: landing.to, taskIds });
}
