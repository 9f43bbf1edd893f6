import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, systemClock, type Workspace } from '@pwt/core';
import { sweep } from '@pwt/process';
import { makeTask } from '@pwt/testkit';
import type { GitExchange } from '../src/exchange/git-exchange.js';
import { refs } from '../src/exchange/refs.js';
import {
  type AttemptKey,
  attemptName,
  type RunProgress,
  type RunRequest,
} from '../src/protocol/operations.js';
import type { Timings } from '../src/protocol/timings.js';
import type { JobTools, WorkerContext, WorkerRepository } from '../src/worker/context.js';
import { GatesAtWork } from '../src/worker/gates/gates-at-work.js';
import { WorkerLog } from '../src/worker/log.js';
import { GitMirror } from '../src/worker/mirror/git-mirror.js';
import { mirrorDir, openRepository, repositoriesOf } from '../src/worker/repositories.js';
import { AgentRuns } from '../src/worker/runs/agent-runs.js';
import { Slots } from '../src/worker/slots.js';
import { Placing } from '../src/worker/workspaces/place.js';
import { atEnd } from './ends.js';
import { ExchangeStage } from './exchange-stage.js';
import { quick } from './worker-stage.js';

/** Of this file alone: by its name, the processes of an attempt are found and ended, on the whole machine. */
export const runId = `r-${randomBytes(4).toString('hex')}`;

export const attempt: AttemptKey = { runId, taskId: 't1', number: 1 };

export interface ProcessOptions {
  readonly clock?: Clock;
  readonly timings?: Partial<Timings>;
  readonly slots?: number;
}

/** One process of a worker, as far as its agents go: real git and real agents, no Redis. */
export interface TestProcess {
  readonly context: WorkerContext;
  readonly runs: AgentRuns;
  readonly placing: Placing;
  readonly repository: WorkerRepository;
  readonly abandoned: string[];
}

/** A remote, a coordinator's view of it, and a worker whose processes come and go; what a process has in memory is lost with it. */
export class RunsStage {
  readonly code: ExchangeStage;
  readonly exchange: GitExchange;
  readonly said: string[] = [];
  readonly stateDir: string;

  private constructor(code: ExchangeStage, exchange: GitExchange) {
    this.code = code;
    this.exchange = exchange;
    this.stateDir = join(code.folder, 'worker');
  }

  static async create(): Promise<RunsStage> {
    const code = await ExchangeStage.create({ 'a.txt': 'a\n' });
    const stage = new RunsStage(code, await code.exchange());
    atEnd(async () => void (await sweep(`pwt.${runId}.t1.1`, { graceMs: 0 })));
    return stage;
  }

  async process({ clock = systemClock, timings, slots = 2 }: ProcessOptions = {}): Promise<TestProcess> {
    const { env, folder, remote: address } = this.code;
    const { stateDir } = this;
    const doors = join(stateDir, 'doors');
    await mkdir(doors, { recursive: true });
    const path = mirrorDir(stateDir, 'app');
    const mirror = await GitMirror.open({
      ...{ git: this.code.plain(folder), address, path, doors, wait: async () => undefined },
      format: this.code.format,
    });
    const repository = await openRepository({ name: 'app', stateDir, env, mirror });
    const abandoned: string[] = [];
    const context: WorkerContext = {
      ...{ id: 'w1', stateDir, env, clock, sandbox: 'off' },
      allowed: { agents: [], gates: [], setups: [] },
      timings: { ...quick, ...timings },
      log: new WorkerLog(({ text }) => void this.said.push(text)),
      ...{ slots: new Slots(slots), gateSlots: new Slots(1), gates: new GatesAtWork() },
      repositories: repositoriesOf([repository]),
      abandon: async (...given) => {
        abandoned.push(given[1].id);
        await placing.abandon(...given);
      },
    };
    const runs = new AgentRuns(context);
    const placing = new Placing({ context, runs });
    return { context, repository, abandoned, runs, placing };
  }

  async place({ repository }: TestProcess, taskId = 't1'): Promise<Workspace> {
    const base = await this.code.head();
    await this.exchange.offer(runId, base);
    await repository.mirror.fetch(refs.base(base), base);
    const request = { runId, taskId, title: 'A task', base };
    return (await repository.provider.create(request)).workspace;
  }

  /** A job that runs this shell text. */
  request(workspace: Workspace, script: string, limits: Partial<RunRequest['attempt']> = {}): RunRequest {
    const taskId = workspace.taskId ?? '';
    return {
      ...{ v: 1, repository: 'app', workspace, claims: [], permission: 'bypass', marksDone: false },
      attempt: { runId, taskId, number: 1, timeoutMs: 0, idleTimeoutMs: 0, ...limits },
      agents: [{ command: ['sh', '-c', script] }],
      task: makeTask(taskId),
    };
  }

  /** A pipe: a child that reads it waits until the test opens it. */
  gate(name: string): { readonly path: string; open(): Promise<void> } {
    const path = join(this.code.folder, name);
    execFileSync('mkfifo', [path]);
    return { path, open: () => writeFile(path, 'go\n') };
  }

  /** Nothing reaches the exchange until it is back. */
  cut(): () => void {
    const away = `${this.code.remote}.away`;
    renameSync(this.code.remote, away);
    return () => renameSync(away, this.code.remote);
  }

  async hasSaid(pattern: RegExp): Promise<void> {
    await until(() => this.said.some((text) => pattern.test(text)));
  }
}

/** What a job has besides its request; `told` is its progress. */
export function tools(told: RunProgress[] = [], abortSignal = new AbortController().signal): JobTools {
  return { job: attemptName(attempt), abortSignal, progress: async (progress) => void told.push(progress) };
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(2);
}

export async function fileOf(path: string): Promise<string> {
  await until(() => existsSync(path) && readFileSync(path, 'utf8').endsWith('\n'));
  return readFileSync(path, 'utf8');
}

export function isAlive(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid.trim()}/status`, 'utf8'));
  } catch {
    return false;
  }
}
