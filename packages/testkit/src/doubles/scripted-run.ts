import type { AgentActivity, AgentExit, AgentRun, Attempt, LaunchRequest } from '@pwt/core';
import type { TestClock } from './manual-clock.js';

/** What a scripted agent gets to see and to decide. */
export interface ScriptedAgent {
  readonly request: LaunchRequest;
  /** Ends early when the agent is stopped. */
  readonly stopped: Promise<void>;
  say(activity: AgentActivity): void;
}

/** Plays an agent; the result is its exit, or its exit code. */
export type AgentScript = (agent: ScriptedAgent) => Promise<Omit<AgentExit, 'durationMs'> | number>;

type Exit = Omit<AgentExit, 'durationMs'>;
type Limits = Pick<Attempt, 'timeoutMs' | 'idleTimeoutMs'>;

/** One agent that is played, with the time limits it was last given. */
export class ScriptedRun implements AgentRun {
  readonly startedAt: number;
  readonly exited: Promise<AgentExit>;
  readonly #clock: TestClock;
  readonly #activities: AgentActivity[] = [];
  #limits: Limits = { timeoutMs: 0, idleTimeoutMs: 0 };
  #lastOutputAt: number;
  #timers: readonly (() => void)[] = [];
  #heard: () => void = () => undefined;
  #end: (exit: Exit) => void = () => undefined;

  constructor(request: LaunchRequest, script: AgentScript, clock: TestClock) {
    this.#clock = clock;
    this.startedAt = clock.now();
    this.#lastOutputAt = this.startedAt;
    const ended = new Promise<Exit>((resolve) => {
      this.#end = resolve;
    });
    const stopped = ended.then(() => undefined);
    const played = script({ request, stopped, say: (activity) => this.#say(activity) });
    this.exited = Promise.race([played, ended]).then(toExit, crashed);
    void this.exited.then(() => this.enforce({ timeoutMs: 0, idleTimeoutMs: 0 }));
  }

  get events(): AsyncIterable<AgentActivity> {
    return this.#live();
  }

  async stop(): Promise<void> {
    this.#end({ kind: 'stopped' });
    await this.exited;
  }

  /** The limits from here on; the total one counts from the start. */
  enforce(limits: Limits): void {
    for (const cancel of this.#timers) cancel();
    this.#limits = limits;
    this.#timers = [
      ...this.#until('timed-out', this.startedAt, limits.timeoutMs),
      ...this.#until('idle-timed-out', this.#lastOutputAt, limits.idleTimeoutMs),
    ];
  }

  #until(kind: 'timed-out' | 'idle-timed-out', from: number, limitMs: number): (() => void)[] {
    if (limitMs === 0) return [];
    const leftMs = from + limitMs - this.#clock.now();
    if (leftMs > 0) return [this.#clock.after(leftMs, () => this.#end({ kind }))];
    this.#end({ kind });
    return [];
  }

  /** What was said before, then what is said from here on, to the end. */
  async *#live(): AsyncGenerator<AgentActivity> {
    let hasEnded = false;
    void this.exited.then(() => {
      hasEnded = true;
      this.#heard();
    });
    for (let next = 0; ; ) {
      const isLast = hasEnded;
      for (; next < this.#activities.length; next += 1) yield this.#activities[next] as AgentActivity;
      if (isLast) return;
      if (hasEnded || next < this.#activities.length) continue;
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  #say(activity: AgentActivity): void {
    this.#activities.push(activity);
    this.#heard();
    this.#lastOutputAt = this.#clock.now();
    this.enforce(this.#limits);
  }
}

function toExit(result: Exit | number): AgentExit {
  return typeof result === 'number'
    ? { kind: 'exited', exitCode: result, durationMs: 1 }
    : { ...result, durationMs: 1 };
}

function crashed(error: unknown): AgentExit {
  return { kind: 'exited', exitCode: 1, durationMs: 1, failure: { kind: 'crash', message: String(error) } };
}
