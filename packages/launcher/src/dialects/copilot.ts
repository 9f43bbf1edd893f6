import { defined } from '@pwt/core';
import type { Dialect, Reading } from './dialect.js';
import { failureFrom } from './failure.js';
import { type JsonObject, jsonDialect, objectOf, textOf } from './json.js';
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
  const succeeded = event.exitCode === 0;
  return {
    activity: {
      kind: 'message',
      text: succeeded ? 'turn completed' : 'turn failed',
      ...defined({ sessionId }),
    },
    // What went wrong was said by an error before.
    ...(succeeded ? { ending: 'succeeded' } : {}),
  };
}
