import {
  type EventSink,
  type Gate,
  type GateRequest,
  type Journal,
  type JournalStore,
  PwtError,
  type ResourceMonitor,
  type ResourceSample,
  type RunEvent,
  throwIfAborted,
  type Verdict,
} from '@pwt/core';

/** Answers with what the test's function says. */
export class ScriptedGate implements Gate {
  readonly name = 'scripted';
  readonly fingerprint?: string;
  readonly #script: (request: GateRequest) => Promise<Verdict> | Verdict;
  readonly seen: GateRequest[] = [];

  constructor(
    script: (request: GateRequest) => Promise<Verdict> | Verdict = () => ({ status: 'green', durationMs: 1 }),
    fingerprint?: string,
  ) {
    this.#script = script;
    if (fingerprint !== undefined) this.fingerprint = fingerprint;
  }

  async run(request: GateRequest): Promise<Verdict> {
    throwIfAborted(request.abortSignal);
    this.seen.push(request);
    const verdict = await this.#script(request);
    throwIfAborted(request.abortSignal);
    return verdict;
  }
}

const idleMachine: ResourceSample = {
  cpuPercent: 5,
  memoryPercent: 10,
  memoryTotalBytes: 16 * 1024 ** 3,
  memoryAvailableBytes: 14 * 1024 ** 3,
  diskTotalBytes: 500 * 1024 ** 3,
  diskAvailableBytes: 400 * 1024 ** 3,
  cpuCount: 4,
};

/** A machine whose load the test sets. */
export class FixedResourceMonitor implements ResourceMonitor {
  readonly name = 'fixed';
  current: ResourceSample;

  constructor(sample: Partial<ResourceSample> = {}) {
    this.current = { ...idleMachine, ...sample };
  }

  async sample(request: { readonly abortSignal?: AbortSignal } = {}): Promise<ResourceSample> {
    throwIfAborted(request.abortSignal);
    return this.current;
  }
}

/** Logs in memory. The same instance stands for the same disk. */
export class MemoryJournalStore implements JournalStore {
  readonly name = 'memory';
  readonly #runs = new Map<string, RunEvent[]>();

  async open(runId: string): Promise<Journal> {
    const events = this.#runs.get(runId) ?? [];
    this.#runs.set(runId, events);
    return {
      async append(event) {
        events.push(structuredClone(event));
      },
      async close() {},
    };
  }

  async read(runId: string): Promise<readonly RunEvent[]> {
    const events = this.#runs.get(runId);
    if (!events) throw new PwtError('PWT_RUN_UNKNOWN', `There is no run ${runId}.`);
    return structuredClone(events);
  }

  async list(): Promise<readonly string[]> {
    return [...this.#runs.keys()].sort();
  }
}

/** Keeps every event it sees. */
export class RecordingSink implements EventSink {
  readonly name = 'recording';
  readonly events: RunEvent[] = [];

  onEvent(event: RunEvent): void {
    this.events.push(event);
  }
}
