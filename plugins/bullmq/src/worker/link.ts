import type { AttemptKey, RunProgress } from '../protocol/operations.js';
import type { WorkerPresence } from '../protocol/presence.js';

/**
 * Redis as a worker sees it. It reconnects for ever: while Redis can't be reached, calls wait; what has changed by then is looked at
 * again.
 */
export interface WorkerLink {
  /** Says that the worker is there, for three times `presenceMs`. */
  announce(presence: WorkerPresence): Promise<void>;
  presenceOf(worker: string): Promise<WorkerPresence | undefined>;
  /** The worker is not there any more. */
  leave(worker: string): Promise<void>;
  /** What coordinators have announced, by id, each as it was written: it is not checked yet. */
  requirements(): Promise<ReadonlyMap<string, unknown>>;
  /** Which of these attempts are to be stopped. */
  stopped(attempts: readonly AttemptKey[]): Promise<readonly AttemptKey[]>;
  /** `news`: there is another requirement. `control`: what was said to this worker, not checked yet. */
  listen(listener: {
    readonly news: () => void;
    readonly control: (message: unknown) => void;
    /** Redis was lost, or is there again. */
    readonly connection: (state: 'lost' | 'back') => void;
  }): Promise<void>;
  /** Takes jobs of a queue, from now on. */
  serve(request: ServeRequest): Served;
  /** Ends all connections. */
  dispose(): Promise<void>;
}

export interface ServeRequest {
  /** Its full name, as {@link sharedQueue} and {@link ownQueue} make it. */
  readonly queue: string;
  /** How many jobs are worked on at the same time; none at 0. */
  readonly concurrency: number;
  /** Gives the {@link Answer} to a job. */
  readonly process: (job: ServedJob) => Promise<unknown>;
  /** The answer was not taken: the job had stalled, and is another worker's by now, or it is gone. */
  readonly refused: (job: ServedJob, answer: unknown) => void;
}

export interface ServedJob {
  readonly id: string;
  readonly name: string;
  /** Not checked yet. */
  readonly data: unknown;
  /** Rejects if it could not be told; it waits while Redis can't be reached. */
  progress(progress: RunProgress): Promise<void>;
}

export interface Served {
  /** At 0, no further job is taken; those that are worked on go on. */
  setConcurrency(concurrency: number): void;
  /** Takes no further job. Ends when those that are worked on have ended, or at once with `now`. */
  close(how?: { readonly now?: boolean }): Promise<void>;
}
