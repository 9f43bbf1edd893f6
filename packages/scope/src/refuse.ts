import { PwtError, type PwtErrorCode } from '@pwt/core';

const SHOWN_LENGTH = 80;

/** The error for a text that is no pattern of the dialect. The text is shortened in the message. */
export function refusal(code: PwtErrorCode, text: string, problem: string, hint: string): PwtError {
  const shown = text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
  return new PwtError(code, `Pattern ${JSON.stringify(shown)} ${problem}`, {
    hint,
    data: { pattern: shown },
  });
}
