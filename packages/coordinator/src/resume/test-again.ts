import { PwtError, type RunState, type TaskFailureKind, type TaskState } from '@pwt/core';
import type { RunContext } from '../run/run-context.js';

/** What a retry does with work that a gate has rejected. */
export interface RetryHow {
  /** The agent starts over in a fresh workspace. @default it goes on with what it has */
  readonly fresh?: boolean;
  /** The work is tested again, even if nothing has changed that pwt could see. Known verdicts of the gate are forgotten. */
  readonly regate?: boolean;
  /** What the user has to say to the agent: then there is one, and it is told. */
  readonly message?: string;
}

const BY_THE_GATE: readonly (TaskFailureKind | undefined)[] = ['gate-red', 'gate-timed-out', 'gate-broken'];

/** True for a task whose work is there and was rejected by a gate, by nothing else. */
function hasRejectedWork({ phase, failure, commit, workspaceGone }: TaskState): boolean {
  return phase === 'ended' && BY_THE_GATE.includes(failure?.kind) && commit !== undefined && !workspaceGone;
}

/**
 * Checks that the work of these tasks can be tested again.
 *
 * @throws PwtError `PWT_TASK_NOT_RETRYABLE` for a task that no gate has rejected, or whose work is gone
 */
export function checkTestable({ runId, tasks }: RunState, ids: readonly string[]): void {
  for (const id of ids) {
    const task = tasks.get(id);
    if (task === undefined || hasRejectedWork(task)) continue;
    throw new PwtError('PWT_TASK_NOT_RETRYABLE', `Task ${id} has no work that a gate has rejected.`, {
      hint: `To start it over with an agent: pwt retry ${id} --run ${runId}`,
    });
  }
}

/**
 * Why the work of a retried task is tested again as it is, without an agent; `undefined` if an agent has to work on it.
 *
 * A gate that has changed, one that could not run, and commits of others on the target can all give another verdict.
 * Otherwise the gate would say the same again.
 */
export async function whyTestAgain(
  { log, parts, target }: RunContext,
  task: TaskState,
  { fresh = false, regate = false, message }: RetryHow,
): Promise<string | undefined> {
  if (fresh || message !== undefined || !hasRejectedWork(task)) return undefined;
  if (regate) return 'its work is tested again, as you ask';
  if (task.failure?.kind === 'gate-broken') return 'the gate could not run, so its work is tested again';
  const { judgedBy } = task;
  // Logs of earlier versions, and gates of plugins, do not say which gate it was.
  if (judgedBy !== undefined && judgedBy !== parts.gate?.fingerprint)
    return 'the gate or its environment has changed, so its work is tested again';
  // Without landing, a run stays on the target that it started from.
  if (log.run.options.autoMerge && (await parts.merger.tip(target)) !== log.run.landedTip)
    return 'the target has new commits, so its work is tested again with them';
  return undefined;
}
