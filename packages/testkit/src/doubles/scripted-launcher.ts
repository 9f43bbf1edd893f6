import {
  type AgentInfo,
  type AgentLauncher,
  type AgentRun,
  type Attempt,
  type LaunchRequest,
  PwtError,
  throwIfAborted,
} from '@pwt/core';
import { realClock, type TestClock } from './manual-clock.js';
import { type AgentScript, ScriptedRun } from './scripted-run.js';

export interface ScriptedLauncherOptions {
  /** @default the machine's */
  readonly clock?: TestClock;
  /** @default one, of which nothing is known */
  readonly agents?: readonly AgentInfo[];
}

/**
 * Plays agents inside the test's own process. The same instance stands for the same machine: a second
 * coordinator finds the agents of the first one still running.
 */
export class ScriptedLauncher implements AgentLauncher {
  readonly name = 'scripted';
  readonly agents?: readonly AgentInfo[];
  readonly #script: AgentScript;
  readonly #clock: TestClock;
  readonly #runs = new Map<string, ScriptedRun>();
  readonly #fenced = new Set<string>();
  /** The task ids of all agents ever started, in order. */
  readonly started: string[] = [];

  constructor(script: AgentScript, options: ScriptedLauncherOptions = {}) {
    this.#script = script;
    this.#clock = options.clock ?? realClock;
    if (options.agents) this.agents = options.agents;
  }

  async check(): Promise<undefined> {
    return undefined;
  }

  async launch(request: LaunchRequest): Promise<AgentRun> {
    throwIfAborted(request.abortSignal);
    const { stateDir, taskId } = request.attempt;
    if (this.#fenced.has(stateDir) || this.#runs.has(stateDir)) {
      throw new PwtError('PWT_ATTEMPT_TAKEN', `The attempt in ${stateDir} was started or fenced already.`);
    }
    this.started.push(taskId);
    const run = new ScriptedRun(request, this.#script, this.#clock);
    this.#runs.set(stateDir, run);
    run.enforce(request.attempt);
    return run;
  }

  async attach(attempt: Attempt): Promise<AgentRun | undefined> {
    const { stateDir } = attempt;
    const run = this.#runs.get(stateDir);
    if (run) run.enforce(attempt);
    else this.#fenced.add(stateDir);
    return run;
  }
}
