import type { Dialect, Reading } from './dialect.js';
import { failureFrom } from './failure.js';
import { at, type JsonObject, jsonDialect, objectOf, textOf } from './json.js';
import { oneLine } from './text.js';
import { describeTool } from './tool.js';
import { usage, usedOf } from './usage.js';

/** `gemini -o stream-json`: `init`, `message`, `tool_use`, `tool_result`, `error`, and `result` at the end. */
export const gemini: Dialect = jsonDialect((event): Reading | undefined => {
  switch (event.type) {
    case 'init': {
      const sessionId = textOf(event.session_id);
      return sessionId ? { activity: { kind: 'message', text: 'session started', sessionId } } : undefined;
    }
    case 'message': {
      const message = event.role === 'user' ? '' : (textOf(event.content) ?? '');
      const text = oneLine(message);
      return text === '' ? undefined : { activity: { kind: 'message', text }, message };
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
  const failed = event.status !== 'success';
  const message = failed ? (textOf(at(event, 'error', 'message')) ?? 'the turn failed') : 'turn completed';
  const used = usedOf('attempt', {
    input: [at(event, 'stats', 'input_tokens')],
    output: [at(event, 'stats', 'output_tokens')],
  });
  return { ...usage(message, used), ending: failed ? failureFrom(message, 'model-error') : 'succeeded' };
}
