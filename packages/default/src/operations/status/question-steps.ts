import { openQuestion, type RunState, shellQuote } from '@pwt/core';
import type { NextStep } from './next-step.js';

/** Each question that a person has not answered. Pure. */
export function questionSteps({ tasks }: RunState, run: string): NextStep[] {
  return [...tasks.values()].flatMap((task) => {
    const question = openQuestion(task);
    if (question === undefined) return [];
    const { id } = task.task;
    return [
      {
        action: `Answer ${id}`,
        why: [`${id} asks: ${question.text}`, `To give it up instead: pwt stop ${shellQuote(id)}`],
        taskIds: [id],
        command: `pwt answer ${shellQuote(id)} 'your answer'${run}`,
        look: `pwt logs ${shellQuote(id)}${run}`,
      },
    ];
  });
}
