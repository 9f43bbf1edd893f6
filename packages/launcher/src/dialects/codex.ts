import type { Dialect, Reading, Used } from './dialect.js';
import { failureFrom } from './failure.js';
import { at, type JsonObject, jsonDialect, objectOf, objectsOf, textOf } from './json.js';
import { oneLine } from './text.js';
import { usage, usedOf } from './usage.js';

/** `codex exec --json`: `thread.started`, `item.*`, and `turn.completed` or `turn.failed` at the end. */
export const codex: Dialect = jsonDialect((event): Reading | undefined => {
  switch (event.type) {
    case 'thread.started': {
      const sessionId = textOf(event.thread_id);
      return sessionId ? { activity: { kind: 'message', text: 'session started', sessionId } } : undefined;
    }
    case 'item.started':
    case 'item.completed':
      return readItem(objectOf(event.item) ?? {}, event.type === 'item.completed');
    case 'turn.completed':
      return { ...usage('turn completed', readUsage(event)), ending: 'succeeded' };
    case 'turn.failed':
      return failed(textOf(at(event, 'error', 'message')) ?? 'the turn failed');
    case 'error': {
      const message = textOf(event.message) ?? 'error';
      return { ...failed(message), ...(/^Reconnecting/.test(message) ? { isRetry: true } : {}) };
    }
    default:
      return undefined;
  }
});

/** `codex exec --json --sandbox read-only`: no command and no edit of it can change a file, and its stream often says nothing of that. */
export const codexReadOnly: Dialect = (line) => {
  const reading = codex(line);
  if (reading === undefined) return undefined;
  const isBegun = reading.activity?.sessionId !== undefined;
  return isBegun ? { ...reading, edits: { denied: 'its sandbox is read-only' } } : reading;
};

function readItem(item: JsonObject, completed: boolean): Reading | undefined {
  switch (item.type) {
    case 'agent_message':
      return completed ? said(textOf(item.text) ?? '') : undefined;
    case 'command_execution':
      return completed ? readCommand(item) : tool(textOf(item.command) ?? 'command');
    case 'file_change': {
      const paths = objectsOf(item.changes).map((change) => textOf(change.path) ?? '?');
      if (!completed) return undefined;
      return { ...tool(`edit ${paths.join(', ')}`), ...(item.status === 'failed' ? {} : { edits: 'done' }) };
    }
    case 'mcp_tool_call':
      return completed ? undefined : tool(`${textOf(item.server) ?? 'mcp'}: ${textOf(item.tool) ?? 'tool'}`);
    case 'web_search':
      return completed ? tool(`search ${textOf(item.query) ?? ''}`) : undefined;
    // What stops a turn comes as `error` or `turn.failed`; this is by the way.
    case 'error':
      return {
        activity: { kind: 'error', text: oneLine(textOf(item.message) ?? 'error') },
        isRemark: true,
      };
    default:
      return undefined;
  }
}

/** A command may fail for many reasons; that the sandbox did not let it is one that a user can do something about. */
function readCommand(item: JsonObject): Reading | undefined {
  if (item.status !== 'failed') return undefined;
  const output = textOf(item.aggregated_output) ?? '';
  const line = output.split('\n').find((one) => SANDBOX.test(one));
  if (line === undefined) return undefined;
  const text = oneLine(`sandbox: ${line}`);
  const activity = { kind: 'error', text } as const;
  return BROKEN_SANDBOX.test(line) ? { activity, edits: { denied: text } } : { activity };
}

const SANDBOX = /^bwrap: |codex-linux-sandbox|landlock|seccomp|Read-only file system/i;
/** It runs no command at all, for instance where the agent's home is in a temporary folder (0.171). */
const BROKEN_SANDBOX = /^bwrap: |codex-linux-sandbox/;

/** Its counts go on where a session is resumed (0.171). The cached tokens are among those of the input. */
function readUsage(event: JsonObject): Used | undefined {
  return usedOf('session', {
    input: [at(event, 'usage', 'input_tokens')],
    output: [at(event, 'usage', 'output_tokens')],
  });
}

function said(message: string): Reading {
  return { activity: { kind: 'message', text: oneLine(message) }, message };
}

function tool(text: string): Reading {
  return { activity: { kind: 'tool', text: oneLine(text) } };
}

function failed(message: string): Reading {
  return {
    activity: { kind: 'error', text: oneLine(message) },
    ending: failureFrom(message, 'model-error'),
  };
}
