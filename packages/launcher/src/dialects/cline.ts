import { type AgentFailure, defined } from '@pwt/core';
import type { Dialect, Reading, Used } from './dialect.js';
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
    case 'error':
    case 'run-failed':
      return failed(event, textOf(event.message) ?? 'error');
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
    const message = textOf(event.text) ?? '';
    const text = oneLine(message);
    return text === '' ? undefined : { activity: { kind: 'message', text }, message };
  }
  if (event.type === 'content_end' && event.contentType === 'tool') return readTool(event);
  if (event.type === 'usage') return defined({ used: readTotal(event) });
  if (event.type !== 'error' && event.type !== 'run-failed') return undefined;
  return failed(event, textOf(event.message) ?? 'error');
}

function readTool(event: JsonObject): Reading | undefined {
  const name = textOf(event.toolName) ?? 'tool';
  const error = textOf(event.error) ?? textOf(at(event, 'error', 'message'));
  if (error === undefined) return EDITING.has(name) ? { edits: 'done' } : undefined;
  const text = oneLine(`${name}: ${textOf(at(event, 'output', 'error')) ?? error}`);
  const isDenied = /requires approval|denied|rejected/i.test(error);
  const activity = { kind: 'error', text } as const;
  return isDenied && EDITING.has(name) ? { activity, edits: { denied: text } } : { activity };
}

const EDITING: ReadonlySet<string> = new Set(['editor', 'write_to_file', 'replace_in_file', 'apply_patch']);

function failed(event: JsonObject, message: string): Reading {
  const { text, ending } = failure(event, textOf(at(event, 'error', 'message')) ?? message);
  // A tool that fails is no reason to give up.
  const isTool = / tool call\(s\) failed/.test(text);
  return { activity: { kind: 'error', text }, ...(isTool ? {} : { ending }) };
}

/** With the class that cline gives the error: its text alone may be the model's, and say nothing. */
function failure(event: JsonObject, said: string): { readonly text: string; readonly ending: AgentFailure } {
  const errorClass = textOf(event.errorClass) ?? textOf(at(event, 'error', 'errorClass'));
  const message = errorClass === undefined ? said : `${said} (${errorClass})`;
  return { text: oneLine(message), ending: failureFrom(message, 'model-error') };
}

/** What it has used up to here. */
function readTotal(event: JsonObject): Used | undefined {
  return usedOf('attempt', {
    input: [event.totalInputTokens],
    output: [event.totalOutputTokens],
    cost: event.totalCost,
  });
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
  if (isDone) return { ...usage(message, used), ending: 'succeeded' };
  const { text, ending } = failure(event, message);
  return { ...usage(text, used), ending };
}
