import type { AgentActivity, AgentExit, AgentRun } from '@pwt/core';
import type { Ended } from './attempt-state.js';

/** An agent whose end is on record. */
export class EndedRun implements AgentRun {
  readonly startedAt: number;
  readonly details: { readonly machine: string };
  readonly exited: Promise<AgentExit>;

  constructor({ startedAt, exit }: Ended, worker: string) {
    this.startedAt = startedAt;
    this.details = { machine: worker };
    this.exited = Promise.resolve(exit);
  }

  get events(): AsyncIterable<AgentActivity> {
    return none();
  }

  async stop(): Promise<void> {}
}

async function* none(): AsyncGenerator<AgentActivity> {}
