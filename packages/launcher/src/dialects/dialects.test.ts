import { defined } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import type { Reading } from './dialect.js';
import { type DialectName, dialects } from './dialects.js';

const read = (dialect: DialectName, event: unknown): Reading | undefined =>
  dialects[dialect](typeof event === 'string' ? event : JSON.stringify(event));

/** What a dialect makes of one event. The events have the shape that the agents print. */
const samples: readonly (readonly [
  DialectName,
  what: string,
  event: unknown,
  expected: Reading | undefined,
])[] = [
  [
    'codex',
    'the session',
    { type: 'thread.started', thread_id: '01a2' },
    { activity: { kind: 'message', text: 'session started', sessionId: '01a2' } },
  ],
  [
    'codex',
    'a command',
    { type: 'item.started', item: { type: 'command_execution', command: 'npm test' } },
    { activity: { kind: 'tool', text: 'npm test' } },
  ],
  [
    'codex',
    'an edit',
    { type: 'item.completed', item: { type: 'file_change', changes: [{ path: 'a.ts', kind: 'add' }] } },
    { activity: { kind: 'tool', text: 'edit a.ts' } },
  ],
  [
    'codex',
    'a message',
    { type: 'item.completed', item: { type: 'agent_message', text: 'All\ndone' } },
    { activity: { kind: 'message', text: 'All' } },
  ],
  [
    'codex',
    'a warning, which is no failure',
    { type: 'item.completed', item: { type: 'error', message: 'Model metadata not found' } },
    { activity: { kind: 'error', text: 'Model metadata not found' } },
  ],
  [
    'codex',
    'the end',
    { type: 'turn.completed', usage: { input_tokens: 7, cached_input_tokens: 0, output_tokens: 3 } },
    {
      activity: { kind: 'usage', text: 'turn completed', inputTokens: 7, outputTokens: 3 },
      ending: 'succeeded',
    },
  ],
  [
    'codex',
    'a failed turn',
    { type: 'turn.failed', error: { message: 'exceeded retry limit, last status: 429 Too Many Requests' } },
    {
      activity: { kind: 'error', text: 'exceeded retry limit, last status: 429 Too Many Requests' },
      ending: { kind: 'quota', message: 'exceeded retry limit, last status: 429 Too Many Requests' },
    },
  ],
  [
    'claude',
    'the session',
    { type: 'system', subtype: 'init', session_id: 'dc7d', cwd: '/w' },
    { activity: { kind: 'message', text: 'session started', sessionId: 'dc7d' } },
  ],
  [
    'claude',
    'a retry',
    {
      type: 'system',
      subtype: 'api_retry',
      attempt: 3,
      max_retries: 10,
      error_status: 401,
      error: 'authentication_failed',
    },
    {
      activity: {
        kind: 'error',
        text: 'the model does not answer: authentication_failed (HTTP 401), retry 3 of 10',
      },
      ending: {
        kind: 'auth',
        message: 'the model does not answer: authentication_failed (HTTP 401), retry 3 of 10',
      },
    },
  ],
  [
    'claude',
    'a tool',
    {
      type: 'assistant',
      message: { content: [{ type: 'tool_use', name: 'Bash', input: { command: 'npm test' } }] },
    },
    { activity: { kind: 'tool', text: 'Bash npm test' }, ending: 'succeeded' },
  ],
  [
    'claude',
    'a message',
    { type: 'assistant', message: { content: [{ type: 'text', text: 'Hello' }] } },
    { activity: { kind: 'message', text: 'Hello' }, ending: 'succeeded' },
  ],
  [
    'claude',
    'words of its own instead of an answer',
    {
      type: 'assistant',
      error: 'authentication_failed',
      message: { content: [{ type: 'text', text: 'Failed to authenticate.' }] },
    },
    { activity: { kind: 'error', text: 'Failed to authenticate.' } },
  ],
  [
    'claude',
    'the end',
    {
      type: 'result',
      subtype: 'success',
      is_error: false,
      result: 'done',
      session_id: 'dc7d',
      total_cost_usd: 0.4,
      usage: { input_tokens: 7, output_tokens: 3 },
      permission_denials: [{ tool_name: 'Bash' }],
    },
    {
      activity: {
        kind: 'usage',
        text: 'turn completed',
        sessionId: 'dc7d',
        inputTokens: 7,
        outputTokens: 3,
        costUsd: 0.4,
      },
      ending: 'succeeded',
    },
  ],
  [
    'claude',
    'an error as the result',
    {
      type: 'result',
      subtype: 'success',
      is_error: true,
      api_error_status: 401,
      result: 'Failed to authenticate.',
    },
    {
      activity: { kind: 'usage', text: 'Failed to authenticate. (HTTP 401)' },
      ending: { kind: 'auth', message: 'Failed to authenticate. (HTTP 401)' },
    },
  ],
  [
    'claude',
    'a turn that was not allowed to edit',
    {
      type: 'result',
      subtype: 'success',
      is_error: false,
      permission_denials: [{ tool_name: 'Write' }, { tool_name: 'Bash' }, { tool_name: 'Write' }],
    },
    {
      activity: { kind: 'usage', text: 'permission denied: Write, Bash' },
      ending: { kind: 'refused', message: 'permission denied: Write, Bash' },
    },
  ],
  [
    'opencode',
    'a step',
    { type: 'step_start', sessionID: 'ses_1', part: { type: 'step-start' } },
    { activity: { kind: 'message', text: 'thinking', sessionId: 'ses_1' } },
  ],
  [
    'opencode',
    'a tool',
    {
      type: 'tool_use',
      sessionID: 'ses_1',
      part: { tool: 'write', state: { status: 'completed', input: { filePath: 'a.ts', content: 'x' } } },
    },
    { activity: { kind: 'tool', text: 'write a.ts' } },
  ],
  [
    'opencode',
    'a tool that failed',
    {
      type: 'tool_use',
      part: { tool: 'bash', state: { status: 'error', input: { command: 'ls' }, error: 'rejected' } },
    },
    { activity: { kind: 'error', text: 'bash ls: rejected' } },
  ],
  [
    'opencode',
    'a finished step',
    { type: 'step_finish', part: { reason: 'tool-calls', tokens: { input: 7, output: 3 }, cost: 0 } },
    { activity: { kind: 'usage', text: 'step completed', inputTokens: 7, outputTokens: 3, costUsd: 0 } },
  ],
  [
    'opencode',
    'the end',
    { type: 'step_finish', sessionID: 'ses_1', part: { reason: 'stop', tokens: {}, cost: 0 } },
    {
      activity: { kind: 'usage', text: 'turn completed', costUsd: 0, sessionId: 'ses_1' },
      ending: 'succeeded',
    },
  ],
  [
    'opencode',
    'an error',
    {
      type: 'error',
      sessionID: 'ses_1',
      error: { name: 'APIError', data: { message: 'no more', statusCode: 429 } },
    },
    {
      activity: { kind: 'error', text: 'APIError no more (HTTP 429)', sessionId: 'ses_1' },
      ending: { kind: 'quota', message: 'APIError no more (HTTP 429)' },
    },
  ],
  [
    'claude',
    'an error that qwen calls a success',
    { type: 'result', subtype: 'success', is_error: false, result: '[API Error: 401 no such key]' },
    {
      activity: { kind: 'usage', text: '[API Error: 401 no such key]' },
      ending: { kind: 'auth', message: '[API Error: 401 no such key]' },
    },
  ],
  [
    'gemini',
    'the session',
    { type: 'init', session_id: '26b5', model: 'gemini-2.5-flash' },
    { activity: { kind: 'message', text: 'session started', sessionId: '26b5' } },
  ],
  ['gemini', 'the prompt', { type: 'message', role: 'user', content: 'Do it' }, undefined],
  [
    'gemini',
    'a message',
    { type: 'message', role: 'assistant', content: 'Done', delta: true },
    { activity: { kind: 'message', text: 'Done' } },
  ],
  [
    'gemini',
    'a tool',
    { type: 'tool_use', tool_name: 'write_file', parameters: { file_path: 'a.ts', content: 'x' } },
    { activity: { kind: 'tool', text: 'write_file a.ts' } },
  ],
  [
    'gemini',
    'the end',
    { type: 'result', status: 'success', stats: { input_tokens: 7, output_tokens: 3 } },
    {
      activity: { kind: 'usage', text: 'turn completed', inputTokens: 7, outputTokens: 3 },
      ending: 'succeeded',
    },
  ],
  [
    'gemini',
    'a failed turn',
    { type: 'result', status: 'error', error: { type: 'unknown', message: '[API Error: {"code":429}]' } },
    {
      activity: { kind: 'usage', text: '[API Error: {"code":429}]' },
      ending: { kind: 'quota', message: '[API Error: {"code":429}]' },
    },
  ],
  [
    'copilot',
    'a tool',
    { type: 'tool.execution_start', data: { toolName: 'bash', arguments: { command: 'npm test' } } },
    { activity: { kind: 'tool', text: 'bash npm test' } },
  ],
  [
    'copilot',
    'a message',
    { type: 'assistant.message', data: { content: 'Done', toolRequests: [] } },
    { activity: { kind: 'message', text: 'Done' }, ending: 'succeeded' },
  ],
  [
    'copilot',
    'an error',
    { type: 'session.error', data: { errorType: 'authentication', message: 'Failed (HTTP 401).\n  Check' } },
    {
      activity: { kind: 'error', text: 'Failed (HTTP 401).' },
      ending: { kind: 'auth', message: 'Failed (HTTP 401).' },
    },
  ],
  [
    'copilot',
    'the end',
    { type: 'result', sessionId: 'b186', exitCode: 0, usage: { premiumRequests: 0 } },
    { activity: { kind: 'message', text: 'turn completed', sessionId: 'b186' }, ending: 'succeeded' },
  ],
  [
    'copilot',
    'a failed run',
    { type: 'result', sessionId: 'b186', exitCode: 1 },
    { activity: { kind: 'message', text: 'turn failed', sessionId: 'b186' } },
  ],
  [
    'pi',
    'the session',
    { type: 'session', version: 3, id: '01a2', cwd: '/w' },
    { activity: { kind: 'message', text: 'session started', sessionId: '01a2' } },
  ],
  [
    'pi',
    'a tool',
    { type: 'tool_execution_start', toolName: 'write', args: { path: 'a.ts', content: 'x' } },
    { activity: { kind: 'tool', text: 'write a.ts' } },
  ],
  ['pi', 'the prompt', { type: 'message_end', message: { role: 'user', content: [] } }, undefined],
  [
    'pi',
    'an answer',
    {
      type: 'message_end',
      message: {
        role: 'assistant',
        content: [{ type: 'text', text: 'Done' }],
        stopReason: 'stop',
        usage: { input: 7, output: 3, cost: { total: 0.1 } },
      },
    },
    {
      activity: { kind: 'usage', text: 'Done', inputTokens: 7, outputTokens: 3, costUsd: 0.1 },
      ending: 'succeeded',
    },
  ],
  [
    'pi',
    'an error',
    {
      type: 'message_end',
      message: { role: 'assistant', stopReason: 'error', errorMessage: '429 too much' },
    },
    {
      activity: { kind: 'error', text: '429 too much' },
      ending: { kind: 'quota', message: '429 too much' },
    },
  ],
  [
    'cline',
    'a tool',
    {
      type: 'agent_event',
      event: { type: 'content_start', contentType: 'tool', toolName: 'editor', input: { path: 'a.ts' } },
    },
    { activity: { kind: 'tool', text: 'editor a.ts' } },
  ],
  [
    'cline',
    'a message',
    { type: 'agent_event', event: { type: 'content_end', contentType: 'text', text: 'Done' } },
    { activity: { kind: 'message', text: 'Done' } },
  ],
  [
    'cline',
    'the end',
    {
      type: 'run_result',
      finishReason: 'completed',
      usage: { inputTokens: 7, outputTokens: 3, totalCost: 0 },
      text: 'all done',
    },
    {
      activity: { kind: 'usage', text: 'turn completed', inputTokens: 7, outputTokens: 3, costUsd: 0 },
      ending: 'succeeded',
    },
  ],
  [
    'cline',
    'an early end',
    { type: 'run_result', finishReason: 'error', text: 'AI_APICallError: 401' },
    {
      activity: { kind: 'usage', text: 'AI_APICallError: 401' },
      ending: { kind: 'auth', message: 'AI_APICallError: 401' },
    },
  ],
  ['lines', 'a line', '  \u001B[32mok\u001B[0m\tdone  ', { activity: { kind: 'output', text: 'ok done' } }],
  ['lines', 'an empty line', '   ', undefined],
];

describe('dialects', () => {
  it.each(samples)('%s: %s', (dialect, _what, event, expected) => {
    const reading = read(dialect, event);
    if (reading === undefined) return expect(reading).toBe(expected);
    const { activity, ending } = reading;
    expect(defined({ activity, ending })).toEqual(expected);
  });

  const names = Object.keys(dialects) as DialectName[];

  it.each(names)('%s shows what is not its own as plain output', (dialect) => {
    expect(read(dialect, 'Warning: something')).toEqual({
      activity: { kind: 'output', text: 'Warning: something' },
    });
  });

  it.each(names.filter((name) => name !== 'lines'))('%s survives events of any other shape', (dialect) => {
    const types = samples.map(([, , event]) => (event as { type?: string }).type ?? 'error');
    for (const type of new Set([
      ...types,
      'message',
      'result',
      'run_result',
      'message_end',
      'session.error',
    ])) {
      for (const rest of [
        {},
        { item: 1, part: [], message: null, error: 'x', data: 7, usage: 'y', content: {} },
      ]) {
        const text = read(dialect, { type, ...rest })?.activity?.text ?? '';
        expect(text.length).toBeLessThanOrEqual(200);
      }
    }
    expect(read(dialect, '{"type": "result", broken')?.activity?.kind).toBe('output');
    expect(read(dialect, '{}')).toBeUndefined();
  });
});
