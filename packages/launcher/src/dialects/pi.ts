import type { Dialect, Reading } from './dialect.js';
import { failureFrom } from './failure.js';
import { at, type JsonObject, jsonDialect, objectOf, objectsOf, textOf } from './json.js';
import { oneLine } from './text.js';
import { describeTool } from './tool.js';
import { usage, usedOf } from './usage.js';

/** `pi -p --mode json`: a `session` header, messages and tools as they go, `agent_end` at the end. */
export const pi: Dialect = jsonDialect((event): Reading | undefined => {
  switch (event.type) {
    case 'session': {
      const sessionId = textOf(event.id);
      return sessionId ? { activity: { kind: 'message', text: 'session started', sessionId } } : undefined;
    }
    case 'tool_execution_start': {
      const text = describeTool(textOf(event.toolName) ?? 'tool', objectOf(event.args));
      return { activity: { kind: 'tool', text } };
    }
    case 'message_end':
      return readMessage(objectOf(event.message) ?? {});
    // What frames a turn also frames each try of it: the parts between are the sign that it gets on.
    case 'agent_start':
    case 'agent_end':
    case 'turn_start':
    case 'turn_end':
    case 'message_start':
    case 'auto_retry_start':
    case 'auto_retry_end':
      return { isRetry: true };
    default:
      return undefined;
  }
});

function readMessage(message: JsonObject): Reading | undefined {
  if (message.role !== 'assistant') return undefined;
  if (message.stopReason === 'error' || message.stopReason === 'aborted') {
    const said = textOf(message.errorMessage) ?? 'the model failed';
    return {
      activity: { kind: 'error', text: oneLine(said) },
      ending: failureFrom(said, 'model-error'),
      isRetry: true,
    };
  }
  const whole = objectsOf(message.content)
    .map((part) => textOf(part.text) ?? '')
    .join('\n');
  const text = oneLine(whole);
  const of = (...path: string[]) => at(message, 'usage', ...path);
  const used = usedOf('step', {
    input: [of('input'), of('cacheRead'), of('cacheWrite')],
    output: [of('output')],
    cost: of('cost', 'total'),
  });
  const said = text === '' ? {} : { message: whole };
  return { ...usage(text === '' ? 'step completed' : text, used), ...said, ending: 'succeeded' };
}
