import { type RunState, type RunSummary, summarise } from '@pwt/core';
import { closeRefs } from '../pipeline/clean-up.js';
import type { RunContext } from '../run/run-context.js';

/** Ends an operation that has started no agent: a run that had finished before has finished again. */
export async function endAsBefore(context: RunContext, status: RunState['status']): Promise<RunSummary> {
  const { log } = context;
  const summary = summarise(log.state);
  const isOver = [...log.state.tasks.values()].every(({ outcome }) => outcome !== undefined);
  if (status === 'finished' && isOver) {
    await closeRefs(context);
    await log.append({ type: 'run-finished', ...summary });
  } else {
    await log.append({ type: 'run-interrupted', reason: 'only what is finished was looked at' });
  }
  return summary;
}
