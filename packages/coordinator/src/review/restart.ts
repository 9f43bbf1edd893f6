import type { CommitId, SentBackTask } from '@pwt/core';
import { restartIntegration } from '../landing/rewritten.js';
import type { RunContext } from '../run/run-context.js';
import { integratedInOrder } from './integrated-order.js';

/** Where the integration ref starts again. */
export interface NewStart {
  readonly to: CommitId;
  /** Where the target is, if this run did not put it there. */
  readonly tip?: CommitId;
  readonly sentBack?: readonly SentBackTask[];
  /** The request that it is done for. */
  readonly request?: string;
}

/**
 * Moves the integration ref to a new start. All work that is integrated and has not landed goes back into the queue: it is put
 * on top of that, and tested again.
 *
 * The intent is recorded before the ref is moved; `reconcile` finishes it after a crash.
 *
 * @returns the tasks that are to be joined again, in their order
 */
export async function restartAt(context: RunContext, start: NewStart): Promise<readonly string[]> {
  const { log } = context;
  const contained = await containedIn(context, start.to);
  const { integration: from } = log.run;
  const taskIds = integratedInOrder(log.run).map(({ task }) => task.id);
  await log.append({ type: 'integration-restarted', from, taskIds, contained, ...start });
  await restartIntegration(context);
  return taskIds;
}

/** The tasks whose work started from something that the commit contains. */
async function containedIn({ log, parts }: RunContext, descendant: CommitId): Promise<string[]> {
  const answers = new Map<CommitId, Promise<boolean>>();
  const found: string[] = [];
  for (const { task, base, outcome } of [...log.state.tasks.values()]) {
    if (base === undefined || outcome === 'landed') continue;
    const answer = answers.get(base) ?? parts.merger.contains({ ancestor: base, descendant });
    answers.set(base, answer);
    if (await answer) found.push(task.id);
  }
  return found;
}
