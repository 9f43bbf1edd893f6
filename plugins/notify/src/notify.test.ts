import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EVENT_VERSION,
  type RunEvent,
  type RunTotals,
  type TaskOutcomeStatus,
  taskOutcomeStatuses,
} from '@pwt/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bellChannel, commandChannel } from './channels.js';
import { NotifySink, notificationOf, plugin } from './index.js';
import { readOptions } from './options.js';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pwt-notify-'));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const envelope = { v: EVENT_VERSION, seq: 1, at: 1, runId: 'run-1' } as const;

function finished(
  status: Exclude<TaskOutcomeStatus, 'landed' | 'integrated' | 'ready'>,
  reason = 'because',
): RunEvent {
  return { ...envelope, type: 'task-finished', taskId: '7', status, reason };
}

function runFinished(success: boolean, totals: Partial<RunTotals>): RunEvent {
  const none = Object.fromEntries(taskOutcomeStatuses.map((status) => [status, 0])) as RunTotals;
  return {
    ...envelope,
    type: 'run-finished',
    success,
    tasks: [],
    totals: { ...none, ...totals },
    durationMs: 5,
  };
}

function lostWith(machine: string, at = 1): RunEvent {
  const reason = `machine ${machine} was lost while the agent worked there`;
  const failure = { kind: 'lost', message: reason, machine } as const;
  const ending = { status: 'failed', reason, failure } as const;
  return { ...envelope, at, type: 'task-continued', taskId: '7', ending, feedback: '', uncounted: true };
}

describe('notificationOf', () => {
  it.each([
    ['failed', 'failed', 'Task 7 failed'],
    ['timed-out', 'failed', 'Task 7 timed out'],
    ['conflicted', 'failed', 'Task 7 has a conflict'],
    ['held', 'held', 'Task 7 waits for you'],
  ] as const)('tells of a task that is %s', (status, occasion, title) => {
    expect(notificationOf(finished(status))).toEqual({
      occasion,
      title,
      runId: 'run-1',
      taskId: '7',
      text: 'because',
    });
  });

  it('tells of a machine that is lost', () => {
    expect(notificationOf(lostWith('w1\u001b[2J'))).toEqual({
      ...{
        occasion: 'lost',
        title: 'machine w1 [2J was lost',
        runId: 'run-1',
        taskId: '7',
        machine: 'w1 [2J',
      },
      text: 'Task 7 was worked on there. It goes on on another machine, with what was saved of it.',
    });
  });

  it('tells the totals at the end', () => {
    expect(notificationOf(runFinished(false, { landed: 3, failed: 1 }))?.text).toBe('3 landed, 1 failed');
    expect(notificationOf(runFinished(true, {}))).toMatchObject({ title: 'All tasks are done' });
  });

  it('is silent about everything else', () => {
    expect(notificationOf(finished('skipped'))).toBeUndefined();
    expect(notificationOf({ ...envelope, type: 'run-resumed' })).toBeUndefined();
  });

  it('lets no control character through', () => {
    expect(notificationOf(finished('failed', 'a\u001b[2J\nb'))?.text).toBe('a [2J b');
  });
});

describe('a command', () => {
  it('gets the words in its environment and the whole as JSON on stdin, whatever characters they have', async () => {
    const script =
      'require("fs").writeFileSync(process.argv[1], process.env.PWT_NOTIFY_TEXT + require("fs").readFileSync(0))';
    const file = join(dir, 'out');
    const channel = commandChannel([process.execPath, '-e', script, file], { cwd: dir, env: process.env });
    const sink = new NotifySink({ on: new Set(['failed']), channels: [channel] });
    await sink.onEvent(finished('failed', '$(touch x) "; `id`'));
    await sink.onEvent(finished('held'));
    const text = await readFile(file, 'utf8');
    expect(text.startsWith('$(touch x) "; `id`{')).toBe(true);
    expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({ occasion: 'failed', taskId: '7' });
  });

  it('that fails is reported, after the other channels were tried', async () => {
    const rung: string[] = [];
    const failing = commandChannel([process.execPath, '-e', 'process.exit(3)'], {
      cwd: dir,
      env: process.env,
    });
    const channels = [failing, bellChannel((text) => rung.push(text))];
    const sink = new NotifySink({ on: new Set(['held']), channels });
    await expect(sink.onEvent(finished('held'))).rejects.toThrow(/ended with 3/);
    expect(rung).toEqual(['\u0007']);
  });
});

describe('a webhook', () => {
  it('gets the notification as JSON; an error status is reported', async () => {
    const bodies: unknown[] = [];
    let status = 204;
    const server = createServer(async (request: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(status).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const sink = new NotifySink(readOptions({ webhook, on: ['finished'] }, { projectRoot: dir, env: {} }));
    await sink.onEvent(runFinished(true, { landed: 2 }));
    expect(bodies).toEqual([
      { occasion: 'finished', runId: 'run-1', title: 'All tasks are done', text: '2 landed' },
    ]);
    status = 500;
    await expect(sink.onEvent(runFinished(true, {}))).rejects.toThrow(/answered with status 500/);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await expect(sink.onEvent(runFinished(true, {}))).rejects.toThrow(/can't be reached/);
  });
});

describe('the plugin', () => {
  const context = {
    projectRoot: '/p',
    gitCommonDir: '/p/.git',
    stateDir: '/p/.git/pwt',
    env: {},
    settings: {},
    warn: () => undefined,
  };

  it('adds an event sink', () => {
    expect(plugin.provides.eventSink?.(context, { bell: true })).toBeInstanceOf(NotifySink);
  });

  it.each([
    undefined,
    {},
    { bell: 'yes' },
    { bell: false },
    { command: 'notify-send pwt' },
    { command: [] },
    { webhook: 'file:///etc/passwd' },
    { webhook: 'nonsense' },
    { bell: true, on: ['sometimes'] },
    { bell: true, on: [] },
    { bell: true, email: 'x' },
  ])('refuses the options %j', (options) => {
    expect(() => plugin.provides.eventSink?.(context, options)).toThrowError(
      expect.objectContaining({ code: 'PWT_PLUGIN_OPTIONS' }),
    );
  });
});

describe('a machine that is lost with several agents', () => {
  it('is one message, and another one when it is lost again later', async () => {
    const titles: string[] = [];
    const send = async ({ title }: { readonly title: string }) => void titles.push(title);
    const sink = new NotifySink({ on: new Set(['lost']), channels: [{ send }] });
    for (const event of [lostWith('w1', 1), lostWith('w2', 2), lostWith('w1', 3), lostWith('w1', 1_000_000)])
      await sink.onEvent(event);
    expect(titles).toEqual(['w1', 'w2', 'w1'].map((name) => `machine ${name} was lost`));
  });
});
