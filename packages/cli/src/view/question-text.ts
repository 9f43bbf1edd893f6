import { openQuestion, type RunEvent, type RunState, type TaskState } from '@pwt/core';
import { oneLine } from '../format/text.js';
import { wordWrapped } from './page.js';

/** An event about questions and answers as text; `undefined` for all others. Pure. */
export function questionEventText(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'question-asked':
      return howToAnswer(event.taskId, event.question);
    case 'task-continued':
      return event.question === undefined ? undefined : howToAnswer(event.taskId, event.question);
    case 'question-dropped':
      return 'its agent goes on by itself: there is nothing to answer any more';
    case 'question-answered':
      return `you have answered: ${event.answer}`;
    case 'task-stopping':
      return 'its agent is being stopped, as you want';
    default:
      return undefined;
  }
}

function howToAnswer(taskId: string, question: string): string {
  return `asks you: ${question} (pwt answer ${taskId} …, or pwt stop ${taskId})`;
}

/** What a person is asked about a task, in front of all else; `undefined` if nothing is. Pure. */
export function questionText(task: TaskState): string | undefined {
  const question = openQuestion(task);
  return question && `asks you: ${oneLine(question.text)}`;
}

const MOST_ASKED = 3;

/** What people are asked now, each with how to answer, for below a view in which only its beginning has room. Pure. */
export function questionLines({ tasks }: Pick<RunState, 'tasks'>, columns: number): string[] {
  const asked = [...tasks.values()].flatMap((task) => {
    const question = openQuestion(task);
    return question === undefined ? [] : [{ id: task.task.id, text: question.text }];
  });
  const more = asked.length - MOST_ASKED;
  return [
    ...asked
      .slice(0, MOST_ASKED)
      .flatMap(({ id, text }) => wordWrapped(`? ${id} ${oneLine(howToAnswer(id, text))}`, columns)),
    ...(more > 0 ? [`? and ${more} more`] : []),
  ];
}
