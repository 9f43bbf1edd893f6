import { type AgentActivity, defined } from '@pwt/core';
import type { Dialect, Reading, Used } from './dialect.js';
import { failureFrom } from './failure.js';
import { at, type JsonObject, jsonDialect, numberOf, objectOf, textOf } from './json.js';
import { oneLine } from './text.js';
import { describeTool } from './tool.js';
import { usage, usedOf } from './usage.js';

/**
 * `opencode run --format json` and `kilo run --format json`: parts of messages, each with the session's id.
 * The work is done with the `step_finish` whose reason is `stop`.
 */
export const opencode: Dialect = jsonDialect((event): Reading | undefined => {
  const part = objectOf(event.part) ?? {};
  const sessionId = textOf(event.sessionID);
  const session = defined({ sessionId });
  switch (event.type) {
    case 'step_start':
      return { activity: { kind: 'message', text: 'thinking', ...session } };
    case 'text':
      return {
        activity: { kind: 'message', text: oneLine(textOf(part.text) ?? '') },
        message: textOf(part.text) ?? '',
      };
    case 'tool_use':
      return { activity: readTool(part) };
    case 'step_finish':
      return {
        ...usage(part.reason === 'stop' ? 'turn completed' : 'step completed', readUsage(part), sessionId),
        ...(part.reason === 'stop' ? { ending: 'succeeded' } : {}),
      };
    case 'error':
      return readError(event, session);
    default:
      return undefined;
  }
});

function readTool(part: JsonObject): AgentActivity {
  const text = describeTool(textOf(part.tool) ?? 'tool', objectOf(at(part, 'state', 'input')));
  if (at(part, 'state', 'status') !== 'error') return { kind: 'tool', text };
  return { kind: 'error', text: oneLine(`${text}: ${textOf(at(part, 'state', 'error')) ?? 'failed'}`) };
}

function readUsage(part: JsonObject): Used | undefined {
  const of = (...path: string[]) => at(part, 'tokens', ...path);
  return usedOf('step', {
    input: [of('input'), of('cache', 'read'), of('cache', 'write')],
    output: [of('output'), of('reasoning')],
    cost: part.cost,
    id: part.id,
  });
}

function readError(event: JsonObject, session: { readonly sessionId?: string }): Reading {
  const name = textOf(at(event, 'error', 'name')) ?? 'error';
  const said = textOf(at(event, 'error', 'data', 'message')) ?? textOf(at(event, 'error', 'message'));
  const status = numberOf(at(event, 'error', 'data', 'statusCode'));
  const message = [name, said, ...(status === undefined ? [] : [`(HTTP ${status})`])]
    .filter((one) => one !== undefined)
    .join(' ');
  return {
    activity: { kind: 'error', text: oneLine(message), ...session },
    ending: failureFrom(message, 'model-error'),
  };
}
