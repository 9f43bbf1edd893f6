import {
  type CommitId,
  type ConflictedPath,
  defined,
  hasOwnCommit,
  type JoinedTask,
  type TaskIn,
} from '@pwt/core';
import { joinWork } from '../pipeline/integrate.js';
import type { RunContext } from '../run/run-context.js';
import { integratedInOrder } from './integrated-order.js';

/** The commits that chosen work becomes. */
export type ChosenChain =
  | {
      readonly status: 'joined';
      /** One for each task, each on the one before it. */
      readonly tasks: readonly JoinedTask[];
      readonly head: CommitId;
      /** The integration ref has it just so: nothing has to start again from it. */
      readonly isOnLine: boolean;
    }
  | {
      readonly status: 'conflicted';
      readonly taskId: string;
      readonly paths: readonly ConflictedPath[];
    };

/**
 * Joins chosen work to the target: the commits that the integration ref has, where they are the first ones there, otherwise
 * new ones. Makes objects only.
 */
export async function chainOf(
  context: RunContext,
  taskIds: readonly string[],
  tip: CommitId,
): Promise<ChosenChain> {
  const line = integratedInOrder(context.log.run);
  const onLine = commitsOnLine(line, taskIds, tip);
  if (onLine !== undefined)
    return { status: 'joined', tasks: onLine, head: onLine.at(-1)?.commit ?? tip, isOnLine: true };
  const tasks: JoinedTask[] = [];
  let head = tip;
  for (const task of line) {
    const { id: taskId } = task.task;
    if (!taskIds.includes(taskId)) continue;
    const over = await overOf(context, task, head);
    if (!hasOwnCommit(task)) {
      tasks.push({ taskId, commit: head, ...defined({ over }) });
      continue;
    }
    const outcome = await joinWork(context, task, head, over);
    if (outcome.status === 'conflicted') return { status: 'conflicted', taskId, paths: outcome.paths };
    // Everything that it changes is there already: by the user's own hand, or from a merged pull request.
    if (outcome.status === 'merged') head = outcome.commit;
    tasks.push({ taskId, commit: head, ...defined({ over }) });
  }
  return { status: 'joined', tasks, head, isOnLine: false };
}

/** Their commits on the integration ref, if they are the first ones on top of this commit. */
function commitsOnLine(
  line: readonly TaskIn<'integrated'>[],
  taskIds: readonly string[],
  tip: CommitId,
): readonly JoinedTask[] | undefined {
  const joined = line.filter(hasOwnCommit);
  const first = joined.slice(0, joined.filter(({ task }) => taskIds.includes(task.id)).length);
  let onto = tip;
  for (const task of first) {
    if (task.onto !== onto || !taskIds.includes(task.task.id)) return undefined;
    onto = task.integratedAs;
  }
  return first.map(({ task, integratedAs: commit }) => ({ taskId: task.id, commit }));
}

/** The history on which the work was made, if the commit does not contain it: only the work itself is joined then. */
async function overOf(
  { parts }: RunContext,
  { over, base, onto }: TaskIn<'integrated'>,
  head: CommitId,
): Promise<CommitId | undefined> {
  if (over !== undefined) return over;
  return (await parts.merger.contains({ ancestor: base, descendant: head })) ? undefined : onto;
}
