import type { AgentFailure } from '@pwt/core';
import type { Dialect, Reading } from './dialect.js';
import { failureFrom } from './failure.js';
import { at, type JsonObject, jsonDialect, numberOf, objectOf, objectsOf, textOf } from './json.js';
import { oneLine } from './text.js';
import { describeTool } from './tool.js';
import { usage } from './usage.js';

/**
 * `claude -p --output-format stream-json` and `qwen -o stream-json`, which took the format over: `system`,
 * `assistant`, `user`, and one `result` at the end.
 */
export const claude: Dialect = jsonDialect((event): Reading | undefined => {
  switch (event.type) {
    case 'system':
      return readSystem(event);
    case 'assistant':
      return readMessage(event);
    case 'result':
      return readResult(event);
    default:
      return undefined;
  }
});

function readSystem(event: JsonObject): Reading | undefined {
  if (event.subtype === 'init') {
    const sessionId = textOf(event.session_id);
    return sessionId ? { activity: { kind: 'message', text: 'session started', sessionId } } : undefined;
  }
  if (event.subtype !== 'api_retry') return undefined;
  const status = numberOf(event.error_status);
  const error = textOf(event.error) ?? 'unknown';
  const cause = status === undefined ? error : `${error} (HTTP ${status})`;
  const retries = `retry ${numberOf(event.attempt) ?? '?'} of ${numberOf(event.max_retries) ?? '?'}`;
  const message = `the model does not answer: ${cause}, ${retries}`;
  return { activity: { kind: 'error', text: oneLine(message) }, ending: failureFrom(message, 'model-error') };
}

/** One tool call is worth more than the sentence before it. An answer also ends a series of retries. */
function readMessage(event: JsonObject): Reading {
  const content = objectsOf(at(event, 'message', 'content'));
  const call = content.find((part) => part.type === 'tool_use');
  if (call) {
    const text = describeTool(textOf(call.name) ?? 'tool', objectOf(call.input));
    return { activity: { kind: 'tool', text }, ending: 'succeeded' };
  }
  const text = oneLine(content.map((part) => textOf(part.text) ?? '').join('\n'));
  // Words that the agent made up itself when the model gave none.
  if (textOf(event.error) || QWEN_ERROR.test(text)) return { activity: { kind: 'error', text } };
  return { ...(text === '' ? {} : { activity: { kind: 'message', text } }), ending: 'succeeded' };
}

function readResult(event: JsonObject): Reading {
  const failure = failureOf(event);
  const activity = usage(failure?.message ?? 'turn completed', {
    input: at(event, 'usage', 'input_tokens'),
    output: at(event, 'usage', 'output_tokens'),
    cost: event.total_cost_usd,
    session: event.session_id,
  });
  return { activity, ending: failure ?? 'succeeded' };
}

function failureOf(event: JsonObject): AgentFailure | undefined {
  if (event.is_error === true || (textOf(event.subtype) ?? 'success') !== 'success') {
    const message =
      textOf(event.result) ?? textOf(at(event, 'error', 'message')) ?? textOf(event.subtype) ?? 'failed';
    const status = numberOf(event.api_error_status);
    const isSaid = status === undefined || message.includes(String(status));
    return failureFrom(isSaid ? message : `${message} (HTTP ${status})`, 'model-error');
  }
  // qwen calls it a success.
  const qwenError = QWEN_ERROR.exec(textOf(event.result) ?? '')?.[0];
  if (qwenError !== undefined) return failureFrom(qwenError, 'model-error');
  // A turn that was not allowed to edit has not done its task, whatever its last message says. A command
  // that was denied proves nothing: the agent may well have found another way.
  const denied = objectsOf(event.permission_denials).map((denial) => textOf(denial.tool_name) ?? '?');
  if (!denied.some((name) => EDITING.has(name))) return undefined;
  return { kind: 'refused', message: `permission denied: ${[...new Set(denied)].join(', ')}` };
}

const QWEN_ERROR = /^\[API Error: .*\]$/s;

const EDITING: ReadonlySet<string> = new Set([
  'Write',
  'Edit',
  'MultiEdit',
  'NotebookEdit',
  'write_file',
  'edit',
]);
