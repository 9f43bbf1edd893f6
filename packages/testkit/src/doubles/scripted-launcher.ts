import {
  type AgentActivity,
  type AgentExit,
  type AgentLauncher,
  type AgentRun,
  type Attempt,
  type LaunchRequest,
  PwtError,
  throwIfAborted,
} from '@pwt/core';

/** What a scripted agent gets to see and to decide. */
export interface ScriptedAgent {
  readonly request: LaunchRequest;
  /** Ends early when the agent is stopped. */
  readonly stopped: Promise<void>;
  say(activity: AgentActivity): void;
}

/** Plays an agent; the result is its exit, or its exit code. */
export type AgentScript = (agent: ScriptedAgent) => Promise<Omit<AgentExit, 'durationMs'> | number>;

/**
 * Plays agents inside the test's own process. The same instance stands for the same machine: a second
 * coordinator finds the agents of the first one still running.
 */
export class ScriptedLauncher implements AgentLauncher {
  readonly name = 'scripted';
  readonly #script: AgentScript;
  readonly #runs = new Map<string, AgentRun>();
  readonly #fenced = new Set<string>();
  /** The task ids of all agents ever started, in order. */
  readonly started: string[] = [];

  constructor(script: AgentScript) {
    this.#script = script;
  }

  async check(): Promise<void> {}

  async launch(request: LaunchRequest): Promise<AgentRun> {
    throwIfAborted(request.abortSignal);
    const { stateDir, taskId } = request.attempt;
    if (this.#fenced.has(stateDir) || this.#runs.has(stateDir)) {
      throw new PwtError('PWT_ATTEMPT_TAKEN', `The attempt in ${stateDir} was started or fenced already.`);
    }
    this.started.push(taskId);
    const run = this.#start(request);
    this.#runs.set(stateDir, run);
    return run;
  }

  async attach({ stateDir }: Attempt): Promise<AgentRun | undefined> {
    const run = this.#runs.get(stateDir);
    if (!run) this.#fenced.add(stateDir);
    return run;
  }

  #start(request: LaunchRequest): AgentRun {
    const stop = withResolvers();
    const activities: AgentActivity[] = [];
    const script = this.#script({
      request,
      stopped: stop.promise,
      say: (activity) => void activities.push(activity),
    });
    const stopped = stop.promise.then((): Omit<AgentExit, 'durationMs'> => ({ kind: 'stopped' }));
    const exited = Promise.race([script, stopped]).then(toExit, crashed);
    return {
      startedAt: 0,
      events: replay(activities, exited),
      exited,
      async stop() {
        stop.resolve();
        await exited;
      },
    };
  }
}

function toExit(result: Omit<AgentExit, 'durationMs'> | number): AgentExit {
  return typeof result === 'number'
    ? { kind: 'exited', exitCode: result, durationMs: 1 }
    : { ...result, durationMs: 1 };
}

function crashed(error: unknown): AgentExit {
  return { kind: 'exited', exitCode: 1, durationMs: 1, failure: { kind: 'crash', message: String(error) } };
}

async function* replay(activities: AgentActivity[], exited: Promise<unknown>): AsyncGenerator<AgentActivity> {
  await exited;
  yield* activities;
}

/** `Promise.withResolvers` for Node 20. */
function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
