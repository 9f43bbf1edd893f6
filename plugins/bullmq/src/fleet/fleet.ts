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

export interface CallOptions {
  /** The id of the job: the same call may be made again, also by another process. @default a new one for each call */
  readonly job?: string;
  readonly abortSignal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

/**
 * All workers of a queue, as a coordinator sees them. Whatever Redis forgets is said again: a call ends with an answer, with
 * `PWT_WORKER_LOST`, or not before Redis can be reached.
 */
export interface Fleet {
  /** @throws PwtError `PWT_REDIS_UNREACHABLE`, `PWT_REDIS_REFUSED` (login, rights), `PWT_REDIS_UNFIT` (version, eviction) */
  check(): Promise<void>;
  /** Those that say that they are there. */
  workers(): Promise<readonly WorkerPresence[]>;
  /**
   * Says from now on that there is such a requirement, so that workers look whether they meet it.
   *
   * @returns its id, under which workers then say that they serve or refuse it
   */
  announce(requirement: Requirement): Promise<string>;
  /** What this object has announced under an id. */
  requirementOf(id: string): Requirement | undefined;
  /** What a worker has last said of itself in the life of this object. */
  lastKnown(worker: string): WorkerPresence | undefined;
  /**
   * Has it done by any worker that meets the requirement. Waits for one, for as long as none refuses by name. The answer to a job
   * stays for some minutes, so that a process which follows on this one gets the same.
   *
   * @throws PwtError `PWT_WORKER_REFUSES` if there are workers and all of them refuse; it names each, and why
   */
  place<P extends PlacementName>(
    placement: P,
    requirement: Requirement,
    request: Placements[P]['request'],
    options?: Pick<CallOptions, 'job' | 'abortSignal'>,
  ): Promise<Placements[P]['answer']>;
  /**
   * Has it done by this worker.
   *
   * @throws PwtError `PWT_WORKER_LOST` if the worker is silent for too long; whatever the operation has thrown
   */
  call<O extends OperationName>(
    worker: string,
    operation: O,
    request: Operations[O]['request'],
    options?: CallOptions,
  ): Promise<Operations[O]['answer']>;
  /** Says something to a worker at once; it may be missed. */
  control(worker: string, message: ControlMessage): Promise<void>;
  /** Sets the flag that a worker reads again at each of its heartbeats. */
  markStopped(attempt: AttemptKey): Promise<void>;
  dispose(): Promise<void>;
}
