import type { Dialect, Reading } from './dialect.js';
import { failureFrom } from './failure.js';
import { at, type JsonObject, jsonDialect, numberOf, objectOf, textOf } from './json.js';
import { oneLine } from './text.js';
import { describeTool } from './tool.js';

/** `gemini -o stream-json`: `init`, `message`, `tool_use`, `tool_result`, `error`, and `result` at the end. */
export const gemini: Dialect = jsonDialect((event): Reading | undefined => {
  switch (event.type) {
    case 'init': {
      const sessionId = textOf(event.session_id);
      return sessionId ? { activity: { kind: 'message', text: 'session started', sessionId } } : undefined;
    }
    case 'message': {
      const text = event.role === 'user' ? '' : oneLine(textOf(event.content) ?? '');
      return text === '' ? undefined : { activity: { kind: 'message', text } };
    }
    case 'tool_use': {
      const text = describeTool(textOf(event.tool_name) ?? 'tool', objectOf(event.parameters));
      return { activity: { kind: 'tool', text } };
    }
    case 'error': {
      const message = textOf(event.message) ?? 'error';
      return { activity: { kind: 'error', text: oneLine(message) } };
    }
    case 'result':
      return readResult(event);
    default:
      return undefined;
  }
});

function readResult(event: JsonObject): Reading {
  const message = textOf(at(event, 'error', 'message')) ?? 'the turn failed';
  const failed = event.status !== 'success';
  const inputTokens = numberOf(at(event, 'stats', 'input_tokens'));
  const outputTokens = numberOf(at(event, 'stats', 'output_tokens'));
  return {
    activity: {
      kind: 'usage',
      text: failed ? oneLine(message) : 'turn completed',
      ...(inputTokens === undefined ? {} : { inputTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
    },
    ending: failed ? failureFrom(message, 'model-error') : 'succeeded',
  };
}
