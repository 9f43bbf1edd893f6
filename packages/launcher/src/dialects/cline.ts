import type { Dialect, Reading } from './dialect.js';
import { failureFrom } from './failure.js';
import { at, type JsonObject, jsonDialect, objectOf, textOf } from './json.js';
import { oneLine } from './text.js';
import { describeTool } from './tool.js';
import { usage, usedOf } from './usage.js';

/** `cline --json`: what the agent does in `agent_event`, and one `run_result` at the end. */
export const cline: Dialect = jsonDialect((event): Reading | undefined => {
  switch (event.type) {
    case 'agent_event':
      return readEvent(objectOf(event.event) ?? {});
    case 'run_result':
      return readResult(event);
    case 'error': {
      const message = textOf(event.message) ?? textOf(at(event, 'error', 'message')) ?? 'error';
      return failed(message);
    }
    default:
      return undefined;
  }
});

function readEvent(event: JsonObject): Reading | undefined {
  if (event.type === 'content_start' && event.contentType === 'tool') {
    const text = describeTool(textOf(event.toolName) ?? 'tool', objectOf(event.input));
    return { activity: { kind: 'tool', text } };
  }
  if (event.type === 'content_end' && event.contentType === 'text') {
    const text = oneLine(textOf(event.text) ?? '');
    return text === '' ? undefined : { activity: { kind: 'message', text } };
  }
  if (event.type !== 'error') return undefined;
  return failed(textOf(event.message) ?? textOf(at(event, 'error', 'message')) ?? 'error');
}

function failed(message: string): Reading {
  return { activity: { kind: 'error', text: oneLine(message) }, ending: failureFrom(message, 'model-error') };
}

function readResult(event: JsonObject): Reading {
  const reason = textOf(event.finishReason) ?? 'unknown';
  const isDone = reason === 'completed';
  const said = textOf(event.error) ?? textOf(at(event, 'error', 'message')) ?? textOf(event.text);
  const message = isDone ? 'turn completed' : (said ?? `ended early: ${reason}`);
  const of = (field: string) => at(event, 'usage', field);
  const used = usedOf('attempt', {
    input: [of('inputTokens'), of('cacheReadTokens'), of('cacheWriteTokens')],
    output: [of('outputTokens')],
    cost: of('totalCost'),
  });
  return { ...usage(message, used), ending: isDone ? 'succeeded' : failureFrom(message, 'model-error') };
}
