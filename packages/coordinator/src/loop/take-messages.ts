import { openQuestion, type TaskState } from '@pwt/core';
import type { Inbox, InboxMessage } from '../inbox/message.js';
import { finish } from '../pipeline/finish.js';
import { stopForPerson, stoppedByUser } from '../questions/stop-for-person.js';
import type { RunContext } from '../run/run-context.js';

/** Takes a task that was dispatched from those that could not start; false for one that is on its way. */
export type TakeBack = (taskId: string) => boolean;

/**
 * Does what people want of a run. A message is removed when what it says is in the log: it may be found twice, and does
 * nothing the second time.
 */
export async function takeMessages(context: RunContext, inbox: Inbox, takeBack: TakeBack): Promise<void> {
  for (const { id, message } of await inbox.read()) {
    const done =
      message === undefined ? await refuse(context, id) : await take(context, { id, message }, takeBack);
    if (done) await inbox.remove(id);
  }
}

async function refuse(context: RunContext, id: string): Promise<true> {
  const message = `A message for this run could not be read and was deleted: ${id}.`;
  await context.log.append({
    type: 'warning',
    diagnostic: { code: 'PWT_MESSAGE_UNREADABLE', severity: 'warning', message },
  });
  return true;
}

/** @returns false if it is for later: the agent is about to start */
async function take(
  context: RunContext,
  { id, message }: { readonly id: string; readonly message: InboxMessage },
  takeBack: TakeBack,
): Promise<boolean> {
  if (message.kind === 'land' || message.kind === 'reject') {
    const isKnown = context.log.state.requests?.some((request) => request.id === id) === true;
    if (!isKnown) await context.log.append({ type: 'request-taken', id, ...message });
    return true;
  }
  const task = context.log.state.tasks.get(message.taskId);
  if (task === undefined) return true;
  return message.kind === 'answer' ? answer(context, task, message) : stop(context, task, takeBack);
}

async function answer(
  context: RunContext,
  task: TaskState,
  { askedAt, answer: text, taskId }: Extract<InboxMessage, { kind: 'answer' }>,
): Promise<true> {
  // The question was answered meanwhile, or there is nothing to ask any more.
  if (openQuestion(task)?.askedAt !== askedAt) return true;
  await context.log.append({ type: 'question-answered', taskId, askedAt, answer: text });
  await stopForPerson(context, taskId);
  return true;
}

async function stop(context: RunContext, task: TaskState, takeBack: TakeBack): Promise<boolean> {
  const { id: taskId } = task.task;
  if (task.phase === 'waiting' || takeBack(taskId)) {
    await finish(context, taskId, stoppedByUser);
    return true;
  }
  if (task.phase === 'running') {
    if (task.stopping !== true) await context.log.append({ type: 'task-stopping', taskId });
    await stopForPerson(context, taskId);
    return true;
  }
  return task.phase !== 'dispatched' && task.phase !== 'prepared' && task.phase !== 'launching';
}
