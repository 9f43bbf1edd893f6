import { type AgentExit, type Clock, PwtError } from '@pwt/core';
import type { CallOptions, Fleet } from '../../src/fleet/fleet.js';
import { requirementId } from '../../src/protocol/names.js';
import {
  type AttachRequest,
  type AttemptKey,
  attemptName,
  type ControlMessage,
  type OperationName,
  type Operations,
  type RunProgress,
  type RunReport,
  type RunRequest,
} from '../../src/protocol/operations.js';
import type { WorkerPresence } from '../../src/protocol/presence.js';
import type { Requirement } from '../../src/protocol/requirement.js';
import type { MemoryExchange } from './memory-exchange.js';

/** An agent on a worker that the test steers. */
export class ScriptedAgent {
  readonly attempt: string;
  readonly request: RunRequest;
  readonly ended: Promise<RunReport>;
  end: (report: RunReport) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;
  /** Whoever waits for it now. */
  readonly listeners = new Set<(progress: RunProgress) => void>();
  readonly startedAt: number;
  readonly #clock: Clock;

  constructor(attempt: string, request: RunRequest, clock: Clock) {
    this.attempt = attempt;
    this.request = request;
    this.#clock = clock;
    this.startedAt = clock.now();
    this.ended = new Promise((resolve, reject) => {
      this.end = resolve;
      this.fail = reject;
    });
    this.ended.catch(() => undefined);
  }

  tell(progress: Partial<RunProgress> = {}): void {
    const elapsedMs = this.#clock.now() - this.startedAt;
    const whole = { elapsedMs, quietMs: 0, activities: [], tail: '', offset: 0, ...progress };
    for (const listener of this.listeners) listener(whole);
  }
}

export interface ScriptedFleetOptions {
  /** Of the workers. */
  readonly clock: Clock;
  readonly exchange: MemoryExchange;
  /** What an agent does once it has started. @default it waits */
  readonly behave?: (agent: ScriptedAgent) => void;
}

/** Workers without machines: what they answer to, the test says. */
export class ScriptedFleet implements Fleet {
  readonly agents = new Map<string, ScriptedAgent>();
  readonly said: { readonly worker: string; readonly message: ControlMessage }[] = [];
  readonly announced: Requirement[] = [];
  readonly stopped: string[] = [];
  presences: WorkerPresence[] = [];
  /** Answers a call in place of a worker, if it answers at all. */
  intercept: (operation: OperationName) => Promise<never> | undefined = () => undefined;
  behave: (agent: ScriptedAgent) => void;
  onControl: (message: ControlMessage) => void = () => undefined;
  readonly #lost = new Set<string>();
  readonly #losses = new Set<() => void>();
  readonly #fenced = new Set<string>();
  readonly #options: ScriptedFleetOptions;

  constructor(options: ScriptedFleetOptions) {
    this.#options = options;
    this.behave = options.behave ?? (() => undefined);
  }

  async check(): Promise<void> {}

  async announce(requirement: Requirement): Promise<string> {
    this.announced.push(requirement);
    return requirementId(requirement);
  }

  async workers(): Promise<readonly WorkerPresence[]> {
    return this.presences;
  }

  requirementOf(id: string): Requirement | undefined {
    return this.announced.find((one) => requirementId(one) === id);
  }

  lastKnown(): undefined {}

  place(): Promise<never> {
    return Promise.reject(new Error('nothing is placed here'));
  }

  async call<O extends OperationName>(
    worker: string,
    operation: O,
    request: Operations[O]['request'],
    options: CallOptions = {},
  ): Promise<Operations[O]['answer']> {
    const intercepted = this.intercept(operation);
    if (intercepted !== undefined) return intercepted;
    const answer = (
      operation === 'run' ? this.#run(request as RunRequest, options) : this.#attach(request as AttachRequest)
    ) as Promise<Operations[O]['answer']>;
    return Promise.race([answer, this.#loss(worker), aborted(options.abortSignal)]);
  }

  async control(worker: string, message: ControlMessage): Promise<void> {
    this.said.push({ worker, message });
    this.onControl(message);
  }

  async markStopped(attempt: AttemptKey): Promise<void> {
    this.stopped.push(attemptName(attempt));
  }

  async dispose(): Promise<void> {}

  /** Takes a worker away for good. */
  lose(worker: string): void {
    this.#lost.add(worker);
    for (const tell of this.#losses) tell();
  }

  /** Ends an agent as a worker does: its result is pushed first. */
  end(name: string, exit: Partial<AgentExit> = {}, report: Partial<RunReport> = {}): void {
    const agent = this.agents.get(name);
    if (agent === undefined) throw new Error(`there is no agent ${name}`);
    const durationMs = this.#options.clock.now() - agent.startedAt;
    const whole: AgentExit = { kind: 'exited', exitCode: 0, durationMs, ...exit };
    const empty = { kind: 'inline', text: '' } as const;
    const pushed = this.#options.exchange.finish(agent.request.attempt, whole);
    agent.end({ exit: whole, ...pushed, stdout: empty, stderr: empty, record: '{}', ...report });
  }

  async #run(request: RunRequest, { onProgress }: CallOptions): Promise<RunReport> {
    const name = attemptName(request.attempt);
    if (this.#fenced.has(name)) throw new PwtError('PWT_ATTEMPT_TAKEN', 'It was given up.');
    const known = this.agents.get(name);
    const agent = known ?? new ScriptedAgent(name, request, this.#options.clock);
    this.agents.set(name, agent);
    if (onProgress !== undefined) agent.listeners.add(onProgress);
    await Promise.resolve();
    agent.tell();
    if (known === undefined) this.#limit(agent, request.attempt);
    if (known === undefined) this.behave(agent);
    return agent.ended;
  }

  async #attach({ attempt }: AttachRequest): Promise<Operations['attach']['answer']> {
    const agent = this.agents.get(attemptName(attempt));
    if (agent === undefined) {
      this.#fenced.add(attemptName(attempt));
      return { status: 'never-started' };
    }
    this.#limit(agent, attempt);
    return { status: 'started', elapsedMs: this.#options.clock.now() - agent.startedAt };
  }

  #limit(agent: ScriptedAgent, { timeoutMs, idleTimeoutMs }: RunRequest['attempt']): void {
    const { clock } = this.#options;
    const endIn = (ms: number, kind: AgentExit['kind']) => {
      const left = agent.startedAt + ms - clock.now();
      const end = () => this.end(agent.attempt, { kind });
      if (left > 0) clock.after(left, end);
      else queueMicrotask(end);
    };
    if (timeoutMs > 0) endIn(timeoutMs, 'timed-out');
    if (idleTimeoutMs > 0) endIn(idleTimeoutMs, 'idle-timed-out');
  }

  #loss(worker: string): Promise<never> {
    return new Promise((_, reject) => {
      const tell = () => {
        if (this.#lost.has(worker)) reject(new PwtError('PWT_WORKER_LOST', `${worker} is lost.`));
      };
      this.#losses.add(tell);
      tell();
    });
  }
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

export function presence(id: string, more: Partial<WorkerPresence> = {}): WorkerPresence {
  const GB = 1024 ** 3;
  return {
    ...{
      v: 1,
      id,
      incarnation: '1',
      state: 'ready',
      version: '0',
      labels: {},
      repositories: ['app'],
      agents: [],
    },
    ...{
      cpuCount: 4,
      memoryTotalBytes: 8 * GB,
      memoryAvailableBytes: 6 * GB,
      cpuPercent: 10,
      memoryPercent: 25,
    },
    ...{
      diskTotalBytes: 100 * GB,
      diskAvailableBytes: 50 * GB,
      working: 0,
      maxAgents: 8,
      serves: [],
      refuses: {},
    },
    ...more,
  };
}
