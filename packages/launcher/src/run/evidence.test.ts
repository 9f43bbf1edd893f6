import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePlace } from '../../test/support.js';
import { AttemptFiles } from '../attempt/attempt-files.js';
import { type DialectName, dialects } from '../dialects/dialects.js';
import { type Ended, type Evidence, readEvidence } from './evidence.js';

interface Log {
  readonly dialect?: DialectName;
  readonly stdout?: readonly unknown[];
  readonly stderr?: string;
  readonly ended?: Partial<Ended>;
}

const ENDED_AT = Date.parse('2026-11-30T12:00:00Z');

async function evidenceOf({
  dialect = 'lines',
  stdout = [],
  stderr = '',
  ended = {},
}: Log): Promise<Evidence> {
  const { root } = await makePlace();
  const files = new AttemptFiles(join(root, 'state'));
  await mkdir(files.dir);
  const lines = stdout.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  await writeFile(files.stdout, lines.map((line) => `${line}\n`).join(''));
  await writeFile(files.stderr, stderr);
  return readEvidence(files, dialects[dialect], { kind: 'exited', exitCode: 0, endedAt: ENDED_AT, ...ended });
}

const failed = { exitCode: 1 };
const copilotFailure = (statusCode: number) => ({
  type: 'model.call_failure',
  data: { statusCode, retryAttempt: 5, errorMessage: 'scripted failure' },
});

const opencodeRetry = (error: string, small = false) =>
  `timestamp=2026-11-30T18:37:09.719Z level=ERROR run=e73dec65 message="stream error" providerID=mock modelID=mock-1 session.id=ses_dd24149afffeLK3S3yss1Qv8AM small=${small} agent=build mode=primary error.error="AI_APICallError: ${error}"\n`;
const opencodeError = (statusCode: number) => ({
  type: 'error',
  timestamp: 1796065901497,
  sessionID: 'ses_dd222e6a8ffeXBEOelZckAcQtE',
  error: {
    name: 'APIError',
    data: {
      message: 'scripted failure',
      statusCode,
      isRetryable: false,
      responseHeaders: { connection: 'keep-alive', 'content-type': 'application/json' },
      responseBody: `{"error":{"code":${statusCode},"message":"scripted failure","type":"server_error"}}`,
    },
  },
});
const opencodeRetries = opencodeRetry('scripted failure').repeat(5);

/** Endings of real agents, shortened, and why they failed. */
const failures: readonly (readonly [what: string, Log, Evidence['failure']])[] = [
  [
    'the error at the top of a crash, not the version at its bottom',
    {
      dialect: 'opencode',
      stderr: `Error: Unexpected error: SQLiteError: table \`project\` already exists\n${'    at x\n'.repeat(30)}\nBun v1.3.14 (Linux x64)\n`,
      ended: failed,
    },
    { kind: 'crash', message: 'Error: Unexpected error: SQLiteError: table `project` already exists' },
  ],
  [
    'an error that says nothing, with the lines that follow it, without colours',
    {
      dialect: 'opencode',
      stderr:
        '\u001B[91m\u001B[1mError: \u001B[0mUnexpected error\n\nFailed query: \n    CREATE TABLE `workspace` (\n      `id` text\n',
      ended: failed,
    },
    {
      kind: 'crash',
      message: 'Error: Unexpected error Failed query: CREATE TABLE `workspace` ( `id` text',
    },
  ],
  [
    'the last line of a trace that ends with the error',
    { stderr: 'Traceback (most recent call last):\n  File "a.py"\nValueError: bad\n', ended: failed },
    { kind: 'crash', message: 'ValueError: bad' },
  ],
  [
    'the sign of a known kind, wherever it is',
    { stderr: 'error: request failed: 401 Unauthorized\nerror: giving up\nbye\n', ended: failed },
    { kind: 'auth', message: 'error: request failed: 401 Unauthorized' },
  ],
  [
    'what was said before an agent gave up without a reason',
    {
      dialect: 'copilot',
      stdout: [copilotFailure(429), { type: 'session.error', data: { message: 'Failed to get a response' } }],
      ended: failed,
    },
    { kind: 'quota', message: 'the model does not answer (retry 5): HTTP 429, scripted failure' },
  ],
  [
    'retries of an agent that was stopped for them',
    { dialect: 'copilot', stdout: [copilotFailure(401)], ended: { kind: 'idle-timed-out' } },
    { kind: 'auth', message: 'the model does not answer (retry 5): HTTP 401, scripted failure' },
  ],
  ...(['auth', 'quota'] as const).map((kind): readonly [string, Log, Evidence['failure']] => {
    const status = kind === 'auth' ? 401 : 429;
    return [
      `the code that opencode tells when it gives up: ${status}`,
      { dialect: 'opencode', stdout: [opencodeError(status)], stderr: opencodeRetries, ended: failed },
      { kind, message: `APIError scripted failure (HTTP ${status})` },
    ];
  }),
  [
    'retries for which opencode was stopped before it told a code',
    { dialect: 'opencode', stderr: opencodeRetries, ended: { kind: 'idle-timed-out' } },
    { kind: 'quota', message: 'it only tried again, and did not say why: scripted failure' },
  ],
  [
    'retries of opencode whose text says what it is',
    {
      dialect: 'opencode',
      stderr: opencodeRetry('Internal Server Error').repeat(2),
      ended: { kind: 'idle-timed-out' },
    },
    { kind: 'model-error', message: 'AI_APICallError: Internal Server Error' },
  ],
  [
    'one request of opencode that failed before it hung, and one for a title',
    {
      dialect: 'opencode',
      stderr: opencodeRetry('scripted failure', true) + opencodeRetry('scripted failure'),
      ended: { kind: 'idle-timed-out' },
    },
    { kind: 'model-error', message: 'AI_APICallError: scripted failure' },
  ],
  [
    'nothing of what an agent has got over',
    {
      dialect: 'copilot',
      stdout: [
        copilotFailure(429),
        { type: 'assistant.message', data: { content: 'Done' } },
        { type: 'result', exitCode: 0 },
      ],
    },
    undefined,
  ],
  [
    'the class of an error whose text is the model’s',
    {
      dialect: 'cline',
      stdout: [
        { type: 'run-failed', error: { message: 'scripted failure' }, errorClass: 'rate_limit' },
        { type: 'run_result', finishReason: 'error', text: 'scripted failure' },
        { type: 'error', message: 'scripted failure' },
      ],
      ended: failed,
    },
    { kind: 'quota', message: 'scripted failure (rate_limit)' },
  ],
  [
    'the end of a subscription’s window, and when the next one begins',
    {
      dialect: 'claude',
      stdout: [
        {
          type: 'rate_limit_event',
          rate_limit_info: { status: 'rejected', resetsAt: ENDED_AT / 1000 + 60, rateLimitType: 'five_hour' },
        },
        { type: 'result', subtype: 'success', is_error: true, result: "You've hit your session limit" },
      ],
      ended: failed,
    },
    { kind: 'quota', message: 'usage limit reached: five_hour', retryAt: ENDED_AT + 60_000 },
  ],
  [
    'a quota and its end in plain text',
    { stderr: "You've hit your usage limit. Try again in 20 minutes.\n", ended: failed },
    {
      kind: 'quota',
      message: "You've hit your usage limit. Try again in 20 minutes.",
      retryAt: ENDED_AT + 20 * 60_000,
    },
  ],
];

const copilotTool = (success: boolean, command: string) => ({
  type: 'tool.execution_complete',
  data: {
    success,
    ...(success ? {} : { error: { message: 'Permission denied.', code: 'denied' } }),
    toolTelemetry: { properties: { command } },
  },
});
const clineTool = (error?: string) => ({
  type: 'agent_event',
  event: { type: 'content_end', contentType: 'tool', toolName: 'editor', ...(error ? { error } : {}) },
});
const codexCommand = (aggregated_output: string) => ({
  type: 'item.completed',
  item: { type: 'command_execution', status: 'failed', exit_code: 1, aggregated_output },
});

/** Agents that say they are done, and were not allowed to. */
const denials: readonly (readonly [what: string, DialectName, readonly unknown[], string | undefined])[] = [
  [
    'copilot',
    'copilot',
    [copilotTool(false, 'create'), { type: 'result', exitCode: 0 }],
    'permission denied: denied create: Permission denied.',
  ],
  ['copilot, a command', 'copilot', [copilotTool(false, 'bash')], undefined],
  [
    'copilot, that edits all the same',
    'copilot',
    [copilotTool(false, 'create'), copilotTool(true, 'edit')],
    undefined,
  ],
  [
    'cline',
    'cline',
    [clineTool('Tool "editor" requires approval'), { type: 'run_result', finishReason: 'completed' }],
    'permission denied: editor: Tool "editor" requires approval',
  ],
  ['cline, that edits all the same', 'cline', [clineTool('requires approval'), clineTool()], undefined],
  [
    'qwen, which has no such tool then',
    'claude',
    [
      { type: 'system', subtype: 'init', session_id: 's', tools: ['read_file', 'web_fetch'] },
      { type: 'result', subtype: 'success', result: 'all done' },
    ],
    'permission denied: no tool that changes files',
  ],
  [
    'claude, which has',
    'claude',
    [
      { type: 'system', subtype: 'init', session_id: 's', tools: ['Read', 'Edit'] },
      { type: 'result', subtype: 'success', result: 'all done' },
    ],
    undefined,
  ],
  [
    'codex, whose sandbox does not start',
    'codex',
    [codexCommand('bwrap: execvp codex-linux-sandbox: No such file\n'), { type: 'turn.completed' }],
    'permission denied: sandbox: bwrap: execvp codex-linux-sandbox: No such file',
  ],
  [
    'codex, whose sandbox is read-only',
    'codex-read-only',
    [
      { type: 'thread.started', thread_id: '01a22dba' },
      codexCommand('/bin/bash: line 1: a.txt: Read-only file system\n'),
      { type: 'turn.completed' },
    ],
    'permission denied: its sandbox is read-only',
  ],
  [
    'codex, whose stream says nothing of that',
    'codex-read-only',
    [
      { type: 'thread.started', thread_id: '01a22dba' },
      { type: 'item.completed', item: { type: 'agent_message', text: 'I may not write.' } },
      { type: 'turn.completed' },
    ],
    'permission denied: its sandbox is read-only',
  ],
  ['codex, whose tests fail', 'codex', [codexCommand('1 failed\n'), { type: 'turn.completed' }], undefined],
  [
    'codex, which can not commit',
    'codex',
    [codexCommand("fatal: Unable to create '.git/index.lock': Read-only file system\n")],
    undefined,
  ],
];

describe('why an agent failed', () => {
  it.each(failures)('%s', async (_what, log, expected) => {
    expect((await evidenceOf(log)).failure).toEqual(expected);
  });

  it.each(denials)('%s', async (_what, dialect, stdout, message) => {
    const expected = message === undefined ? undefined : { kind: 'refused', message };
    expect((await evidenceOf({ dialect, stdout })).failure).toEqual(expected);
  });
});

describe('what an agent said', () => {
  it('last to its user, in full', async () => {
    const text = `First line\n\n${'x'.repeat(300)}`;
    const stdout = [
      { type: 'item.completed', item: { type: 'agent_message', text } },
      { type: 'turn.completed', usage: {} },
    ];
    expect((await evidenceOf({ dialect: 'codex', stdout })).lastMessage).toBe(text);
    const long = [{ type: 'item.completed', item: { type: 'agent_message', text: 'y'.repeat(5000) } }];
    expect((await evidenceOf({ dialect: 'codex', stdout: long })).lastMessage).toHaveLength(2000);
    expect((await evidenceOf({ stdout: ['Which port', 'do you want?'] })).lastMessage).toBe(
      'Which port\ndo you want?',
    );
    expect(await evidenceOf({})).toEqual({});
  });

  it('against its end, the last of it, also where it ended well', async () => {
    const { complaints, failure } = await evidenceOf({
      stderr: 'Error: one\nnothing\nError: two\nWARN retry\nError: one\nERROR three\nfatal: four\n',
    });
    expect(complaints).toEqual(['Error: one', 'ERROR three', 'fatal: four']);
    expect(failure).toBeUndefined();
  });

  it('by the way is no complaint', async () => {
    const item = { type: 'error', message: 'Model metadata for `x` not found.' };
    const stdout = [{ type: 'item.completed', item }, { type: 'turn.completed' }];
    expect(await evidenceOf({ dialect: 'codex', stdout })).toEqual({});
  });

  it('of a tool that was denied is quoted', async () => {
    const { complaints } = await evidenceOf({ dialect: 'copilot', stdout: [copilotTool(false, 'bash')] });
    expect(complaints).toEqual(['denied bash: Permission denied.']);
  });
});
