import type { Question } from './attempt.js';
import type { TaskState } from './task-state.js';

/** What a person is asked about a task and has not answered; `undefined` if there is nothing. Pure. */
export function openQuestion(task: TaskState): Question | undefined {
  const asked =
    task.phase === 'running'
      ? task.question
      : task.phase === 'waiting'
        ? task.continues?.question
        : undefined;
  return asked?.answer === undefined ? asked : undefined;
}
