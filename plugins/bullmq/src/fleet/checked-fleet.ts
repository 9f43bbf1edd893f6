import { checkedAnswer, checkedProgress } from '../protocol/answers.js';
import type {
  AttemptKey,
  ControlMessage,
  OperationName,
  Operations,
  PlacementName,
  Placements,
  RunProgress,
} from '../protocol/operations.js';
import type { WorkerPresence } from '../protocol/presence.js';
import type { Requirement } from '../protocol/requirement.js';
import type { CallOptions, Fleet } from './fleet.js';

/** A fleet whose answers are looked through before anything is done with them. */
export class CheckedFleet implements Fleet {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  check(): Promise<void> {
    return this.#fleet.check();
  }

  workers(): Promise<readonly WorkerPresence[]> {
    return this.#fleet.workers();
  }

  announce(requirement: Requirement): Promise<string> {
    return this.#fleet.announce(requirement);
  }

  requirementOf(id: string): Requirement | undefined {
    return this.#fleet.requirementOf(id);
  }

  lastKnown(worker: string): WorkerPresence | undefined {
    return this.#fleet.lastKnown(worker);
  }

  /** @throws PwtError also `PWT_WORKER_JOB_FAILED` for what no worker answers */
  async place<P extends PlacementName>(
    placement: P,
    requirement: Requirement,
    request: Placements[P]['request'],
    options?: Pick<CallOptions, 'job' | 'abortSignal'>,
  ): Promise<Placements[P]['answer']> {
    return checkedAnswer(placement, await this.#fleet.place(placement, requirement, request, options));
  }

  /** @throws PwtError also `PWT_WORKER_JOB_FAILED` for what no worker answers */
  async call<O extends OperationName>(
    worker: string,
    operation: O,
    request: Operations[O]['request'],
    { onProgress, ...options }: CallOptions = {},
  ): Promise<Operations[O]['answer']> {
    const told = (progress: RunProgress) => {
      const checked = checkedProgress(progress);
      if (checked !== undefined) onProgress?.(checked);
    };
    const all = onProgress === undefined ? options : { ...options, onProgress: told };
    return checkedAnswer(operation, await this.#fleet.call(worker, operation, request, all));
  }

  control(worker: string, message: ControlMessage): Promise<void> {
    return this.#fleet.control(worker, message);
  }

  markStopped(attempt: AttemptKey): Promise<void> {
    return this.#fleet.markStopped(attempt);
  }

  dispose(): Promise<void> {
    return this.#fleet.dispose();
  }
}
