import type { ReachedCap } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';

/** Sees to the caps when an agent has told what it has used: says that one is reached, and stops agents where they are to be. */
export async function keepBudget(context: RunContext, taskId: string): Promise<void> {
  const { log, spending, agents } = context;
  const { reached } = spending;
  if (reached && log.state.capReached === undefined) await log.append({ type: 'cap-reached', reached });
  if (spending.onCap !== 'stop') return;
  const byTask = spending.reachedBy(taskId);
  if (reached) await Promise.all(agents.taskIds.map((id) => stopCapped(context, id, reached)));
  else if (byTask) await stopCapped(context, taskId, byTask);
}

/** Stops an agent that begins to be watched while a cap is reached, or that was to be stopped when its pwt was killed. */
export async function stopIfCapped(context: RunContext, taskId: string): Promise<void> {
  const { log, spending } = context;
  const reached = spending.onCap === 'stop' ? (spending.reached ?? spending.reachedBy(taskId)) : undefined;
  if (reached) await stopCapped(context, taskId, reached);
  else if (log.task(taskId).capped) await context.agents.get(taskId)?.run.stop();
}

/** The intent comes first: an agent that was stopped for a cap does not start over. */
async function stopCapped({ log, agents }: RunContext, taskId: string, reached: ReachedCap): Promise<void> {
  const { phase, capped } = log.task(taskId);
  if (phase !== 'running') return;
  if (capped === undefined) await log.append({ type: 'agent-capped', taskId, reached });
  await agents.get(taskId)?.run.stop();
}
