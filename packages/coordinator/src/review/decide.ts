import {
  defined,
  hasCode,
  isPwtError,
  isResolvable,
  isReviewed,
  landsByItself,
  type TakenRequest,
} from '@pwt/core';
import type { Landing } from '../landing/landing.js';
import type { RunContext } from '../run/run-context.js';
import { chooseOf } from './choose.js';
import { landChosen } from './land-chosen.js';
import { sendBack } from './send-back.js';

export interface Decide {
  /** Has the next step of a task taken. Resolves when the task is worked on no more. */
  readonly begin: (taskId: string) => Promise<void>;
}

/** What is said before anything was done: the run goes on. */
const REFUSALS = ['PWT_TASK_UNKNOWN', 'PWT_TASK_NOT_READY', 'PWT_REPLAY_UNSUPPORTED'] as const;

/**
 * Does what a person has asked of a run that goes on: lands work, or sends it back. Each step is in the log before it is made,
 * so that the same call goes on after a crash, and does nothing twice.
 */
export async function decide(
  context: RunContext,
  landing: Landing,
  request: TakenRequest,
  how: Decide,
): Promise<void> {
  const { id } = request;
  const { log, stop } = context;
  try {
    if (request.kind === 'reject') await sendBackAsked(context, landing, request, how);
    else await landAsked(context, landing, request, how);
  } catch (error) {
    const isRefusal = isPwtError(error) && REFUSALS.some((code) => hasCode(error, code));
    if (!isRefusal) throw error;
    const { code, message, hint } = error;
    await log.append({ type: 'request-done', id, refused: { code, message, ...defined({ hint }) } });
    return;
  }
  // What a stop has cut short goes on in the next process.
  if (stop.mode === 'now' || log.run.chosen !== undefined) return;
  await log.append({ type: 'request-done', id });
}

async function sendBackAsked(
  context: RunContext,
  landing: Landing,
  { id, taskIds, reason = '', isBegun }: TakenRequest,
  { begin }: Decide,
): Promise<void> {
  if (isBegun) return;
  const sentBack = taskIds.map((taskId) => ({ taskId, reason }));
  for (const taskId of await sendBack(context, landing, sentBack, id)) void begin(taskId);
}

async function landAsked(
  context: RunContext,
  landing: Landing,
  { id, taskIds, reopened, isBegun }: TakenRequest,
  { begin }: Decide,
): Promise<void> {
  const { log, options, stop } = context;
  if (taskIds.length === 0) return landing.now();
  const resolved = taskIds.filter((taskId) => isResolvable(log.state.tasks.get(taskId)));
  for (const taskId of resolved.filter((other) => !reopened.includes(other))) {
    const reason = 'the user has resolved its conflict';
    await log.append({ type: 'task-reopened', taskId, reason, collect: true, request: id });
  }
  const again = taskIds.filter((taskId) => reopened.includes(taskId) || resolved.includes(taskId));
  await Promise.all(again.map((taskId) => begin(taskId)));
  if (stop.mode === 'now') return;
  // What lands by itself needs no choice.
  const isChosen = isReviewed(options) || !landsByItself(options);
  const named = isChosen ? taskIds : taskIds.filter((taskId) => !again.includes(taskId));
  if (named.length === 0) return;
  if (!isBegun) await log.append({ type: 'landing-chosen', ...chooseOf(log.run, named), request: id });
  for (const taskId of await landChosen(context, landing)) void begin(taskId);
}
