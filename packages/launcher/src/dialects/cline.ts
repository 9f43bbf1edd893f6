import type { Dialect, Reading } from './dialect.js';
import { failureFrom } from './failure.js';
import { at, type JsonObject, jsonDialect, numberOf, textOf } from './json.js';
import { oneLine } from './text.js';

/** `cline --json`: texts as they go, and `run_result` at the end. */
export const cline: Dialect = jsonDialect((event): Reading | undefined => {
  if (event.type === 'run_result') return readResult(event);
  if (event.type === 'error') {
    const message = textOf(event.message) ?? textOf(at(event, 'error', 'message')) ?? 'error';
    return {
      activity: { kind: 'error', text: oneLine(message) },
      ending: failureFrom(message, 'model-error'),
    };
  }
  const text = oneLine(textOf(event.text) ?? textOf(event.message) ?? '');
  return text === '' ? undefined : { activity: { kind: 'message', text } };
});

function readResult(event: JsonObject): Reading {
  const reason = textOf(event.finishReason) ?? '';
  const failed = /error|fail|abort/i.test(reason);
  const message =
    textOf(event.error) ?? textOf(at(event, 'error', 'message')) ?? textOf(event.text) ?? reason;
  const inputTokens = numberOf(at(event, 'usage', 'inputTokens'));
  const outputTokens = numberOf(at(event, 'usage', 'outputTokens'));
  const costUsd = numberOf(at(event, 'usage', 'totalCost'));
  return {
    activity: {
      kind: 'usage',
      text: failed ? oneLine(message) : 'turn completed',
      ...(inputTokens === undefined ? {} : { inputTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
      ...(costUsd === undefined ? {} : { costUsd }),
    },
    ending: failed ? failureFrom(message, 'model-error') : 'succeeded',
  };
}
