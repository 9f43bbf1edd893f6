import { type AgentFailure, defined } from '@pwt/core';
import type { Dialect, Reading } from './dialect.js';
import { failureFrom } from './failure.js';
import { at, type JsonObject, jsonDialect, numberOf, objectOf, objectsOf, textOf } from './json.js';
import { oneLine } from './text.js';
import { describeTool } from './tool.js';
import { type UsageFields, usage, usedOf } from './usage.js';

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
    case 'rate_limit_event':
      return readLimit(event);
    case 'result':
      return readResult(event);
    default:
      return undefined;
  }
});

function readSystem(event: JsonObject): Reading | undefined {
  if (event.subtype === 'init') {
    const sessionId = textOf(event.session_id);
    if (sessionId === undefined) return undefined;
    const started: Reading = { activity: { kind: 'message', text: 'session started', sessionId } };
    // qwen does not offer what it would have to ask for (0.15).
    return canChange(event.tools) ? started : { ...started, edits: { denied: 'no tool that changes files' } };
  }
  if (event.subtype !== 'api_retry') return undefined;
  const status = numberOf(event.error_status);
  const error = textOf(event.error) ?? 'unknown';
  const cause = status === undefined ? error : `${error} (HTTP ${status})`;
  const retries = `retry ${numberOf(event.attempt) ?? '?'} of ${numberOf(event.max_retries) ?? '?'}`;
  const message = `the model does not answer: ${cause}, ${retries}`;
  return {
    activity: { kind: 'error', text: oneLine(message) },
    ending: failureFrom(message, 'model-error'),
    isRetry: true,
  };
}

/** A list without one tool that could change a file. */
function canChange(tools: unknown): boolean {
  if (!Array.isArray(tools) || tools.length === 0) return true;
  return tools.some((tool) => EDITING.has(tool) || SHELL.has(tool));
}

/** The window of a subscription is used up; it says when the next one begins. */
function readLimit(event: JsonObject): Reading | undefined {
  const limit = objectOf(event.rate_limit_info) ?? {};
  if (limit.status !== 'rejected') return undefined;
  const message = `usage limit reached: ${textOf(limit.rateLimitType) ?? 'rate limit'}`;
  const seconds = numberOf(limit.resetsAt);
  const retryAt = seconds === undefined ? undefined : seconds * 1000;
  return {
    activity: { kind: 'error', text: oneLine(message) },
    ending: { kind: 'quota', message },
    ...defined({ retryAt }),
  };
}

/** One tool call is worth more than the sentence before it. An answer also ends a series of retries. */
function readMessage(event: JsonObject): Reading {
  const content = objectsOf(at(event, 'message', 'content'));
  // Of a message in several events, each has the usage of all of it.
  const used = defined({
    used: usedOf('step', { ...tokensIn(event.message), id: at(event, 'message', 'id') }),
  });
  const call = content.find((part) => part.type === 'tool_use');
  if (call) {
    const text = describeTool(textOf(call.name) ?? 'tool', objectOf(call.input));
    return { activity: { kind: 'tool', text }, ending: 'succeeded', ...used };
  }
  const whole = content.map((part) => textOf(part.text) ?? '').join('\n');
  const text = oneLine(whole);
  // Words that the agent made up itself when the model gave none.
  if (textOf(event.error) || QWEN_ERROR.test(text)) return { activity: { kind: 'error', text } };
  const said: Reading = text === '' ? {} : { activity: { kind: 'message', text }, message: whole };
  return { ...said, ending: 'succeeded', ...used };
}

function readResult(event: JsonObject): Reading {
  const failure = failureOf(event);
  const used = usedOf('attempt', { ...tokensIn(event), cost: event.total_cost_usd });
  return {
    ...usage(failure?.message ?? 'turn completed', used, event.session_id),
    ending: failure ?? 'succeeded',
  };
}

function tokensIn(event: unknown): Pick<UsageFields, 'input' | 'output'> {
  const of = (field: string) => at(event, 'usage', field);
  return {
    input: [of('input_tokens'), of('cache_creation_input_tokens'), of('cache_read_input_tokens')],
    output: [of('output_tokens')],
  };
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

const SHELL: ReadonlySet<unknown> = new Set(['Bash', 'run_shell_command']);

const EDITING: ReadonlySet<unknown> = new Set([
  'Write',
  'Edit',
  'MultiEdit',
  'NotebookEdit',
  'write_file',
  'edit',
]);
