import type {
  AdvanceOutcome,
  AgentActivity,
  AgentExit,
  AgentLauncher,
  AgentRun,
  Attempt,
  CollectOutcome,
  CollectRequest,
  CreatedWorkspace,
  CreateWorkspaceRequest,
  LaunchRequest,
} from '@pwt/core';
import { MemoryMerger, MemoryWorkspaceProvider } from '@pwt/testkit';
import { Turns } from './turns.js';

/** How an attempt has ended for the coordinator, as git has decided. */
export type Ending =
  | { readonly kind: 'lost'; readonly worker: string }
  | { readonly kind: 'done'; readonly worker: string; readonly exit: AgentExit };

/** Keeps no workspace ready: the model does not know of that. */
export class WaitingProvider extends MemoryWorkspaceProvider {
  turns: Turns = new Turns();

  override async prepare(): Promise<undefined> {
    return undefined;
  }

  override async create(request: CreateWorkspaceRequest): Promise<CreatedWorkspace> {
    await this.turns.take(`grant ${request.taskId}`);
    return super.create(request);
  }

  override async collect(request: CollectRequest): Promise<CollectOutcome> {
    await this.turns.take(`move ${request.workspace.taskId}`);
    return super.collect(request);
  }
}

export class WaitingMerger extends MemoryMerger {
  turns: Turns = new Turns();

  override async advance(request: Parameters<MemoryMerger['advance']>[0]): Promise<AdvanceOutcome> {
    const outcome = await super.advance(request);
    await this.turns.take('record');
    return outcome;
  }
}

/** Starts nothing itself: workers do, and the trace says when. */
export class WaitingLauncher implements AgentLauncher {
  readonly name = 'waiting';
  readonly #turns: Turns;
  readonly #provider: MemoryWorkspaceProvider;
  readonly #isLaunching: (taskId: string) => boolean;

  constructor(turns: Turns, provider: MemoryWorkspaceProvider, isLaunching: (taskId: string) => boolean) {
    this.#turns = turns;
    this.#provider = provider;
    this.#isLaunching = isLaunching;
  }

  async check(): Promise<undefined> {
    return undefined;
  }

  async launch({ attempt }: LaunchRequest): Promise<AgentRun> {
    await this.#turns.take(`launched ${nameOf(attempt)}`);
    return this.#run(attempt);
  }

  /** One that was recorded as started is there, whatever the queue knows; of another one, its worker is asked. */
  async attach(attempt: Attempt): Promise<AgentRun | undefined> {
    if (!this.#isLaunching(attempt.taskId)) return this.#run(attempt);
    const hasBegun = await this.#turns.take<boolean>(`attach ${nameOf(attempt)}`);
    return hasBegun ? this.#run(attempt) : undefined;
  }

  #run(attempt: Attempt): AgentRun {
    const exited = this.#turns.take<Ending>(`end ${nameOf(attempt)}`).then((ending) => {
      if (ending.kind === 'lost') return { kind: 'lost', durationMs: 1, lostWith: ending.worker } as const;
      const work = `${nameOf(attempt)}/${ending.worker}`;
      this.#provider.files(attempt.workspace).set(work, 'done\n');
      return ending.exit;
    });
    return { startedAt: 0, events: silentUntil(exited), exited, stop: async () => undefined };
  }
}

export function nameOf({ taskId, number }: Pick<Attempt, 'taskId' | 'number'>): string {
  return `${taskId}/${number}`;
}

function silentUntil(end: Promise<unknown>): AsyncIterable<AgentActivity> {
  return {
    [Symbol.asyncIterator]: () => ({ next: () => end.then(() => ({ done: true, value: undefined })) }),
  };
}
