import {
  type AttemptEnding,
  type Continuing,
  capText,
  defined,
  type ReachedCap,
  type TaskState,
} from '@pwt/core';
import type { RunContext } from '../run/run-context.js';
import type { Blame } from './endings.js';
import { feedbackOn } from './feedback/feedback.js';
import { finish } from './finish.js';
import { keepWork } from './keep-work.js';
import { afterLostMachine } from './lost-machine.js';
import { continuesAtAll, mayContinue } from './retry-policy.js';

/** What is known of an attempt that was not enough, beside how it ended. */
export interface Evidence {
  /** What could not be merged, and onto which commit. */
  readonly conflict?: Continuing['conflict'];
  /** What the gate has said. */
  readonly blame?: Blame;
}

/**
 * Ends an attempt that was not enough: another one follows if the run's policy allows one more after such an end, and the
 * task is rejected otherwise.
 */
export async function endAttempt(
  context: RunContext,
  taskId: string,
  ending: AttemptEnding,
  evidence: Evidence = {},
): Promise<void> {
  const task = context.log.task(taskId);
  const { retries } = context.options;
  const lost = afterLostMachine(task, ending);
  if (lost?.ending !== undefined) return finish(context, taskId, lost.ending);
  const uncounted = lost !== undefined || (isCutOff(context, task, ending) && continuesAtAll(retries));
  // A person has taken it up, and sees what becomes of it.
  if (isTakenUp(context, taskId)) return finish(context, taskId, ending);
  if (!uncounted && !mayContinue(retries, task, ending.failure)) return finish(context, taskId, ending);
  const spent = context.spending.reachedBy(taskId);
  if (spent) return finish(context, taskId, withoutAnother(ending, spent));
  await continueTask(context, taskId, ending, { ...evidence, ...(uncounted && { uncounted }) });
}

function isTakenUp({ log }: RunContext, taskId: string): boolean {
  return log.state.requests?.some(({ isDone, reopened }) => !isDone && reopened.includes(taskId)) === true;
}

/** An agent of an earlier process of the run that is gone: the machine has taken it, and that can't go on without a resume. */
function isCutOff({ log }: RunContext, { launchedAt }: TaskState, { failure }: AttemptEnding): boolean {
  const { resumedAt } = log.run;
  if (failure?.kind !== 'lost' || resumedAt === undefined) return false;
  return launchedAt !== undefined && launchedAt <= resumedAt;
}

function withoutAnother(ending: AttemptEnding, spent: ReachedCap): AttemptEnding {
  return { ...ending, reason: `${ending.reason}; no further attempt: ${capText(spent)}` };
}

/** What {@link continueTask} may be told in addition. */
export interface Onward extends Evidence {
  /** It does not count against the number of further attempts. */
  readonly uncounted?: true;
  /** What a person has to say to the agent. */
  readonly message?: string;
  /** What the agent wants to know of a person: the task waits for the answer. */
  readonly question?: string;
}

/**
 * Puts a task back into the queue, to go on with the workspace and the session that it has. What its agent left uncommitted
 * is kept in a snapshot first.
 */
export async function continueTask(
  context: RunContext,
  taskId: string,
  ending: AttemptEnding,
  { uncounted, question, ...told }: Onward = {},
): Promise<void> {
  await keepWork(context, taskId, ending.status);
  const feedback = feedbackOn(context.log.state, context.log.task(taskId), ending, told);
  const facts = defined({ conflict: told.conflict, uncounted, question });
  await context.log.append({ type: 'task-continued', taskId, ending, feedback, ...facts });
}
