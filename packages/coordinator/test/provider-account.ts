import type { AgentExit, AgentInfo, AgentUsage } from '@pwt/core';
import { type AgentScript, ManualClock, makeClaims, makeTask } from '@pwt/testkit';
import type { Coordinator } from '../src/index.js';
import { World, type WorldOptions } from './world.js';

type Failure = NonNullable<AgentExit['failure']>;

/** What the company behind an agent says to it; the test changes it. */
export interface Account {
  failure?: Failure | undefined;
}

/** A run of tasks that each write a file of their own, with agents that depend on accounts. */
export class AccountWorld {
  readonly clock: ManualClock;
  readonly world: World;
  readonly accounts: Readonly<Record<string, Account>>;
  /** The agent of every start, in order, with its task: `claude 1`. */
  readonly starts: string[] = [];

  constructor(
    ids: readonly string[],
    accounts: Readonly<Record<string, Account>>,
    options: Partial<WorldOptions> & {
      readonly uses?: AgentUsage;
      readonly failsAt?: Promise<unknown>;
      readonly onStart?: (count: number) => void;
    } = {},
  ) {
    this.accounts = accounts;
    const { uses, failsAt, onStart, clock = new ManualClock(), ...more } = options;
    this.clock = clock;
    const play: AgentScript = async ({ request, say }) => {
      const { agent = '', task, attempt } = request;
      this.starts.push(`${agent} ${task.id}`);
      onStart?.(this.starts.length);
      const failure = this.accounts[agent]?.failure;
      if (failure) await failsAt;
      if (failure) return { kind: 'exited', exitCode: 1, failure };
      if (uses) say({ kind: 'usage', text: 'turn completed', total: uses });
      this.world.provider.files(attempt.workspace).set(`${task.id}.txt`, 'done\n');
      return { kind: 'exited', exitCode: 0, ...(uses ? { usage: uses } : {}) };
    };
    this.world = new World({
      tasks: ids.map((id) => makeTask(id)),
      claims: ids.map((id) => makeClaims(id, `${id}.txt`)),
      work: {},
      agents: Object.keys(accounts).map(agentNamed),
      clock,
      play,
      ...more,
    });
  }

  /** Called whenever nothing happens. */
  protected passTime(): void {
    this.clock.advance(1000);
  }

  /** Has a coordinator go on, and time pass whenever nothing happens, until the run has ended or `until` says so. */
  async go<T>(
    run: Promise<T>,
    coordinator: Coordinator,
    until: () => boolean = () => false,
  ): Promise<T | undefined> {
    let result: T | undefined;
    let hasEnded = false;
    const ended = run.then(
      (value) => {
        result = value;
        hasEnded = true;
      },
      (error: unknown) => {
        hasEnded = true;
        throw error;
      },
    );
    ended.catch(() => undefined);
    let seen = -1;
    for (let quiet = 0; !hasEnded; quiet += 1) {
      if (until()) return undefined;
      const { seq } = coordinator.state;
      if (seq !== seen) quiet = 0;
      seen = seq;
      if (quiet > 20) this.passTime();
      await new Promise(setImmediate);
    }
    await ended;
    return result;
  }
}

function agentNamed(name: string): AgentInfo {
  return { name, resumes: true, tells: { tokens: true, costUsd: true } };
}
