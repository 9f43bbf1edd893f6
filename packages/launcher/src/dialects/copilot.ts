import type { Dialect, Reading } from './dialect.js';
import { failureFrom } from './failure.js';
import { at, type JsonObject, jsonDialect, numberOf, objectOf, textOf } from './json.js';
import { oneLine } from './text.js';
import { describeTool } from './tool.js';

/** `copilot --output-format json`: events with their content in `data`, and a `result` as the last line. */
export const copilot: Dialect = jsonDialect((event): Reading | undefined => {
  const data = objectOf(event.data) ?? {};
  switch (event.type) {
    case 'assistant.message': {
      const text = oneLine(textOf(data.content) ?? '');
      return text === '' ? undefined : { activity: { kind: 'message', text } };
    }
    case 'tool.execution_start': {
      const text = describeTool(textOf(data.toolName) ?? 'tool', objectOf(data.arguments));
      return { activity: { kind: 'tool', text } };
    }
    case 'session.error': {
      const message = textOf(data.message) ?? 'error';
      return {
        activity: { kind: 'error', text: oneLine(message) },
        ending: failureFrom(message, 'model-error'),
      };
    }
    case 'result':
      return readResult(event);
    default:
      return undefined;
  }
});

function readResult(event: JsonObject): Reading {
  const sessionId = textOf(event.sessionId);
  const inputTokens = numberOf(at(event, 'usage', 'inputTokens'));
  const outputTokens = numberOf(at(event, 'usage', 'outputTokens'));
  return {
    activity: {
      kind: 'usage',
      text: 'turn completed',
      ...(sessionId === undefined ? {} : { sessionId }),
      ...(inputTokens === undefined ? {} : { inputTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
    },
    // What went wrong was said by an error before; the exit code is known anyway.
    ...(event.exitCode === 0 ? { ending: 'succeeded' } : {}),
  };
}
