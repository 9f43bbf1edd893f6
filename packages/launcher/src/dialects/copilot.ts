import { defined } from '@pwt/core';
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
      // An answer also ends a series of failed calls.
      const message = textOf(data.content) ?? '';
      const text = oneLine(message);
      const said: Reading = text === '' ? {} : { activity: { kind: 'message', text }, message };
      return { ...said, ending: 'succeeded' };
    }
    case 'tool.execution_start': {
      const text = describeTool(textOf(data.toolName) ?? 'tool', objectOf(data.arguments));
      return { activity: { kind: 'tool', text } };
    }
    case 'tool.execution_complete':
      return readTool(data);
    case 'model.call_failure':
      return readCallFailure(data);
    case 'model.call_start':
    case 'assistant.turn_retry':
      return { isRetry: true };
    case 'model.call_finished':
      return data.outcome === 'error' ? { isRetry: true } : undefined;
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

/** Which tool it was, only its telemetry says. One that is not known is taken for one that edits. */
function readTool(data: JsonObject): Reading | undefined {
  const name = textOf(at(data, 'toolTelemetry', 'properties', 'command')) ?? '';
  if (data.success === true) return EDITING.has(name) ? { edits: 'done' } : undefined;
  const said = textOf(at(data, 'error', 'message')) ?? 'failed';
  const isDenied = at(data, 'error', 'code') === 'denied';
  const text = oneLine([isDenied ? 'denied' : 'failed', name].join(' ').trim().concat(`: ${said}`));
  const activity = { kind: 'error', text } as const;
  return isDenied && !SHELL.has(name) ? { activity, edits: { denied: text } } : { activity };
}

const EDITING: ReadonlySet<string> = new Set(['create', 'edit', 'str_replace', 'insert', 'apply_patch']);
const SHELL: ReadonlySet<string> = new Set(['bash', 'shell', 'powershell']);

function readCallFailure(data: JsonObject): Reading {
  const status = numberOf(data.statusCode);
  const said = textOf(data.errorMessage) ?? 'no answer';
  const cause = status === undefined ? said : `HTTP ${status}, ${said}`;
  const message = `the model does not answer (retry ${numberOf(data.retryAttempt) ?? 0}): ${cause}`;
  return {
    activity: { kind: 'error', text: oneLine(message) },
    ending: failureFrom(message, 'model-error'),
    isRetry: true,
  };
}

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
