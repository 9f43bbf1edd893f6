import type { Question } from '@pwt/core';
import { quote } from './quote.js';

/** For an agent that is told what a person has answered; `undefined` where nobody has. */
export function answerSays(question: Question | undefined): string | undefined {
  if (question?.answer === undefined) return undefined;
  return ['A person was asked:', quote(question.text), 'and has answered:', quote(question.answer)].join(
    '\n\n',
  );
}
