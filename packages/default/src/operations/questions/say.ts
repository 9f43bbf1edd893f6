import type { InboxMessage } from '@pwt/coordinator';
import { openQuestion, PwtError, type Question, type RunState, shellQuote, type TaskState } from '@pwt/core';
import { inboxDir } from '../../project/project.js';
import type { OperationContext } from '../operation-context.js';
import { knowsAll, selectInRun, selectTasks } from '../plan/select-tasks.js';
import { isActive } from './ask-run.js';

export interface AnswerRequest {
  /** As a user types it. */
  readonly taskId: string;
  readonly answer: string;
  /** @default the newest run with such a task */
  readonly runId?: string;
}

export interface StopTasksRequest {
  /** As a user types them. */
  readonly taskIds: readonly string[];
  /** @default the newest run with such tasks */
  readonly runId?: string;
}

/** What was said to a run. */
export interface Said {
  readonly runId: string;
  readonly taskIds: readonly string[];
  /** What was answered. */
  readonly question?: Question;
  /** True if a process drives the run, and does it now; otherwise the next `resume` does. */
  readonly active: boolean;
}

/** Answers the question of a task; works whether the run is active or not. */
export async function answer(
  context: OperationContext,
  { taskId: typed, answer: text, runId }: AnswerRequest,
): Promise<Said> {
  const { ANSWER_CHARACTERS } = await import('@pwt/coordinator');
  if (text.trim() === '' || text.length > ANSWER_CHARACTERS) {
    throw new PwtError('PWT_ANSWER_INVALID', `An answer has 1 to ${ANSWER_CHARACTERS} characters.`, {
      hint: 'What is longer belongs in a file of the repository, and its name in the answer.',
    });
  }
  const { state, taskIds } = await find(context, [typed], runId);
  const [taskId = typed] = taskIds;
  const question = questionOf(state, taskId);
  await put(context, state, { kind: 'answer', taskId, askedAt: question.askedAt, answer: text });
  return { runId: state.runId, taskIds, question, active: await isActive(context, state.runId) };
}

/** Stops the agents of tasks and cancels the tasks; works whether the run is active or not. */
export async function stopTasks(
  context: OperationContext,
  { taskIds: typed, runId }: StopTasksRequest,
): Promise<Said> {
  const { state, taskIds } = await find(context, typed, runId);
  for (const id of taskIds) requireStoppable(state, id);
  for (const taskId of taskIds) await put(context, state, { kind: 'stop', taskId });
  return { runId: state.runId, taskIds, active: await isActive(context, state.runId) };
}

async function find(
  context: OperationContext,
  typed: readonly string[],
  runId: string | undefined,
): Promise<{ readonly state: RunState; readonly taskIds: readonly string[] }> {
  const select = await selectTasks(context, typed);
  const state = await context.runs.find(runId, (run) => knowsAll(select, run), `with ${typed.join(', ')}`);
  return { state, taskIds: selectInRun(select, state) };
}

async function put({ project }: OperationContext, { runId }: RunState, message: InboxMessage): Promise<void> {
  const { FileInbox } = await import('@pwt/coordinator');
  await new FileInbox(inboxDir(project, runId)).put(message, Date.now());
}

function questionOf({ tasks, runId }: RunState, taskId: string): Question {
  const task = tasks.get(taskId);
  const question = task && openQuestion(task);
  if (question !== undefined) return question;
  const isEnded = task?.outcome !== undefined && task.outcome !== 'integrated' && task.outcome !== 'landed';
  throw new PwtError('PWT_NO_QUESTION', `Task ${taskId} has no open question.`, {
    hint: isEnded
      ? `To try it again with a sentence of yours: pwt retry ${shellQuote(taskId)} -m 'what it should know' --run ${runId}`
      : `How it stands: pwt status --run ${runId}`,
    data: { taskId, runId },
  });
}

const STOPPABLE: readonly TaskState['phase'][] = [
  'waiting',
  'dispatched',
  'prepared',
  'launching',
  'running',
];

function requireStoppable({ tasks, runId }: RunState, taskId: string): void {
  const task = tasks.get(taskId);
  if (task !== undefined && STOPPABLE.includes(task.phase)) return;
  throw new PwtError('PWT_TASK_NOT_STOPPABLE', `The agent of task ${taskId} does not run, and will not.`, {
    hint: `How it stands: pwt status --run ${runId}`,
    data: { taskId, runId },
  });
}
