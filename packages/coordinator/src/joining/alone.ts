import { type TaskIn, whyNoChange } from '@pwt/core';
import { advance } from '../pipeline/advance.js';
import { enforceClaims } from '../pipeline/audit.js';
import { joinWork, rejectUnjoined } from '../pipeline/integrate.js';
import { Marking } from '../pipeline/marking.js';
import { continueSentBack } from '../pipeline/send-back.js';
import { settle } from '../pipeline/settle.js';
import type { Step } from '../pipeline/step.js';
import { missingNeeds, withhold } from '../pipeline/withhold.js';
import type { RunContext } from '../run/run-context.js';

/**
 * Lets a task that has kept to its claims join the others: at once, where there is no gate. Otherwise it stays in its phase,
 * and the landing queue decides on it. One that needed no change and gets no mark has nothing to join, and is done. One that a
 * person has sent back goes to its agent instead, and what builds on it waits.
 */
export const admit: Step<'audited'> = async (context, state) => {
  if (state.sentBack !== undefined) {
    await continueSentBack(context, state, state.sentBack);
    return undefined;
  }
  const missing = missingNeeds(context.log.state, state);
  if (missing.length > 0) {
    await withhold(context, state.task.id, missing);
    return undefined;
  }
  if (!(await enforceClaims(context, state))) return undefined;
  const isNothing = state.changes.length === 0 && Marking.of(context, state.task) === undefined;
  const noChange = isNothing ? whyNoChange(state) : undefined;
  if (noChange !== undefined) {
    await settle(context, state, noChange);
    return undefined;
  }
  if (context.parts.gate !== undefined || context.stop.mode === 'now') return 'pause';
  await joinAlone(context, state);
  return undefined;
};

async function joinAlone(context: RunContext, state: TaskIn<'audited'>): Promise<void> {
  const { id: taskId } = state.task;
  const outcome = await joinWork(context, state, context.log.run.integration);
  if (outcome.status === 'merged') await advance(context, [{ taskId, commit: outcome.commit }]);
  else await rejectUnjoined(context, taskId, outcome);
}
