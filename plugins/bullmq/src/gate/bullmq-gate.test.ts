import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GateRequest, PwtError, type Verdict } from '@pwt/core';
import { CommandGate } from '@pwt/merger';
import { gateSuite } from '@pwt/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryExchange } from '../../test/doubles/memory-exchange.js';
import type { GateReport, GateRunRequest } from '../protocol/operations.js';
import type { RemoteGate } from '../protocol/requirement.js';
import { BullmqGate, type BullmqGateOptions } from './bullmq-gate.js';

/** A worker's folder, and the machine of the coordinator. */
class Machines {
  readonly root: string;
  readonly asked: Omit<GateRunRequest, 'v' | 'repository' | 'workspace'>[] = [];
  readonly warnings: string[] = [];

  private constructor(root: string) {
    this.root = root;
  }

  static async open(): Promise<Machines> {
    const root = await mkdtemp(join(tmpdir(), 'pwt-bullmq-gate-'));
    await mkdir(join(root, 'checkout'));
    return new Machines(root);
  }

  get request(): GateRequest {
    const workspace = { id: 'run.@1', provider: 'bullmq', kind: 'scratch', runId: 'run' } as const;
    return {
      ...{ runId: 'run', subject: { kind: 'tasks', taskIds: ['20'] }, commit: 'a'.repeat(40) },
      workspace: { ...workspace, path: '/there/checkout', base: 'a'.repeat(40), host: 'worker-a' },
      logFile: join(this.root, 'here', 'gate', '20-1.log'),
    };
  }

  /** A gate whose worker is this machine, too. */
  gate(gate: RemoteGate, call?: BullmqGateOptions['homes']['call']): BullmqGate {
    return new BullmqGate({
      gate,
      exchange: new MemoryExchange(),
      homes: { call: call ?? (this.#call as BullmqGateOptions['homes']['call']) },
      warn: (message) => this.warnings.push(message),
    });
  }

  readonly #call = async (
    workspace: GateRequest['workspace'],
    _operation: string,
    asked: Omit<GateRunRequest, 'v' | 'repository' | 'workspace'>,
    { abortSignal }: { readonly abortSignal?: AbortSignal } = {},
  ): Promise<GateReport> => {
    this.asked.push(asked);
    const { command, mode, timeoutMs } = asked.gate;
    const gate = new CommandGate({
      ...{ command, env: { PATH: process.env.PATH }, graceMs: 200 },
      ...(mode === undefined ? {} : { mode }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    const logFile = join(this.root, 'there', 'gate.log');
    const { runId, subject, commit, complete, changedPaths } = asked;
    const verdict = await gate.run({
      ...{ runId, subject, commit, logFile, workspace: { ...workspace, path: join(this.root, 'checkout') } },
      ...(complete === undefined ? {} : { complete }),
      ...(changedPaths === undefined ? {} : { changedPaths }),
      ...(abortSignal === undefined ? {} : { abortSignal }),
    });
    const files = verdict.parts?.map(({ name, logFile: file }) => [name, file]) ?? [['', logFile]];
    const logs = files.map(async ([name = '', file = '']) => {
      const text = await readFile(file, 'utf8').catch(() => undefined);
      return text === undefined ? [] : [[name, { kind: 'inline', text }]];
    });
    return { verdict, logs: Object.fromEntries((await Promise.all(logs)).flat()) };
  };

  async dispose(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

gateSuite({ describe, test: it }, async () => {
  const machines = await Machines.open();
  return {
    green: machines.gate({ command: 'true' }),
    red: machines.gate({ command: 'echo oops; exit 3' }),
    endless: machines.gate({ command: 'sleep 600', timeoutMs: 200 }),
    broken: machines.gate({ command: './no-such-command' }),
    mixed: machines.gate({ command: { lint: 'echo bad; exit 1', tests: 'echo fine' } }),
    request: machines.request,
    dispose: () => machines.dispose(),
  };
});

let machines: Machines;
beforeEach(async () => {
  machines = await Machines.open();
});
afterEach(() => machines.dispose());

describe('a gate on a worker', () => {
  it('gets what is tested, and no path of this machine', async () => {
    const gate = { command: 'true', mode: 'parallel', timeoutMs: 9000 } as const;
    await machines.gate(gate).run({ ...machines.request, changedPaths: ['a'], complete: true });
    const { runId, subject, commit } = machines.request;
    expect(machines.asked).toEqual([{ runId, subject, commit, gate, changedPaths: ['a'], complete: true }]);
  });

  it('has its log here', async () => {
    const { request } = machines;
    await machines.gate({ command: 'echo what it prints; exit 3' }).run(request);
    expect(await readFile(request.logFile, 'utf8')).toContain('what it prints');
  });

  it('has a log here for each of its commands, by names of this machine', async () => {
    const { request } = machines;
    const gate = machines.gate({ command: { lint: 'echo bad; exit 1', tests: 'echo fine' } });
    const { parts = [] } = await gate.run({ ...request, complete: true });
    const folder = join(machines.root, 'here', 'gate');
    expect(parts.map(({ logFile }) => logFile)).toEqual([
      join(folder, '20-1.lint.log'),
      join(folder, '20-1.tests.log'),
    ]);
    expect(await readFile(join(folder, '20-1.lint.log'), 'utf8')).toContain('bad');
    expect(await readFile(join(folder, '20-1.tests.log'), 'utf8')).toContain('fine');
  });

  it('counts without its log, and says that it is missing', async () => {
    const log = { kind: 'commit', ref: 'refs/pwt/logs/run/x', commit: 'c'.repeat(40), path: 'log' } as const;
    const verdict: Verdict = { status: 'green', durationMs: 5 };
    const call = async () => ({ verdict, logs: { '': log } }) as never;
    expect(await machines.gate({ command: 'true' }, call).run(machines.request)).toEqual(verdict);
    expect(machines.warnings).toEqual([expect.stringContaining('20-1.log could not be written')]);
  });

  it('writes no log for a part that the verdict does not have', async () => {
    const verdict: Verdict = { status: 'green', durationMs: 5 };
    const logs = { '../../escaped': { kind: 'inline', text: 'x' } } as const;
    const call = async () => ({ verdict, logs }) as never;
    await machines.gate({ command: 'true' }, call).run(machines.request);
    await expect(readFile(join(machines.root, 'escaped.log'))).rejects.toThrow();
  });

  it('writes no log of a command that it does not have', async () => {
    const part = { name: '../../escaped', status: 'red', durationMs: 1, summary: '', logFile: 'x' };
    const verdict = { status: 'red', durationMs: 5, reason: 'red', parts: [part] };
    const logs = { '../../escaped': { kind: 'inline', text: 'x' } } as const;
    const call = async () => ({ verdict, logs }) as never;
    for (const command of ['true', { tests: 'true' }])
      expect(await machines.gate({ command }, call).run(machines.request)).toMatchObject({ parts: [] });
    await expect(readFile(join(machines.root, 'escaped.log'))).rejects.toThrow();
  });

  it('hands on what the worker refuses', async () => {
    const call = () => Promise.reject(new PwtError('PWT_JOB_NOT_ALLOWED', 'The gate is not allowed.'));
    await expect(machines.gate({ command: 'true' }, call).run(machines.request)).rejects.toMatchObject({
      code: 'PWT_JOB_NOT_ALLOWED',
    });
  });
});
