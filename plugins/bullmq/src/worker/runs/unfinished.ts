import type { Clock, CommitId } from '@pwt/core';
import { readRef } from '@pwt/git';
import { refs } from '../../exchange/refs.js';
import type { WorkerRepository } from '../context.js';
import { commitWork } from '../mirror/result-commit.js';
import type { RunRecord } from './records.js';

/** Pushes what an agent has done so far, so that a lost machine costs minutes. */
export class UnfinishedWork {
  readonly #repository: WorkerRepository;
  readonly #record: RunRecord;
  readonly #clock: Clock;
  #last: CommitId | undefined;
  #pushed: CommitId | undefined;

  constructor(repository: WorkerRepository, record: RunRecord, clock: Clock) {
    this.#clock = clock;
    this.#repository = repository;
    this.#record = record;
  }

  /** Nothing is pushed if nothing has changed. */
  async push(): Promise<void> {
    const { workspace, attempt } = this.#record;
    const { runId, taskId, number } = attempt;
    const last = this.#last;
    const commit = await commitWork(this.#repository, {
      ...{ workspace, attempt: { runId, taskId, number }, takenAt: this.#clock.now() },
      ...(last === undefined ? {} : { last }),
    });
    this.#last = commit;
    if (commit === undefined || commit === this.#pushed) return;
    await this.#repository.mirror.publish(refs.unfinished(attempt), commit, 'replace');
    this.#pushed = commit;
  }

  /** True if what is on the exchange is what this worker has pushed last, or nothing. */
  async isLatest(): Promise<boolean> {
    const { mirror } = this.#repository;
    const ref = refs.unfinished(this.#record.attempt);
    const [there, here] = await Promise.all([mirror.look(ref), readRef(mirror.git, ref)]);
    return there === undefined || there === here;
  }

  /** True if the coordinator has given up the attempt. */
  async isGivenUp(): Promise<boolean> {
    return (await this.#repository.mirror.look(refs.attempt(this.#record.attempt))) === 'given-up';
  }
}
