import { emptyRunState, PwtError, type RunState, type RunSummary } from '@pwt/core';
import type { CoordinatorOptions } from './coordinator-options.js';
import { abandonRun } from './operations/abandon.js';
import { type LandRunRequest, landRun } from './operations/land.js';
import { type ResumeRequest, resumeRun } from './operations/resume.js';
import { RunSession } from './operations/run-session.js';
import { type StartRunRequest, startRun } from './operations/start.js';
import type { StopMode } from './run/stop-signal.js';

/**
 * Runs tasks to their end: one instance, one run at a time. Knows only the contracts; everything it does is
 * an event first, so that {@link resume} can go on from any point at which the process may have died.
 *
 * The caller holds the repository's run lock (see `acquireRunLock`).
 */
export class Coordinator {
  readonly #options: CoordinatorOptions;
  /** Of the current or last operation. */
  #session: RunSession | undefined;
  #active = false;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
  }

  /** The state of the current or last run; an empty one before the first. */
  get state(): RunState {
    return this.#session?.state ?? emptyRunState('');
  }

  /**
   * Runs all tasks; resolves when each has ended, or when the run has been stopped.
   *
   * @throws PwtError `PWT_JOURNAL_WRITE_FAILED` if nothing can be recorded any more (agents go on; `resume`
   * picks them up), `PWT_RUN_EXISTS`.
   */
  async start(request: StartRunRequest): Promise<RunSummary> {
    return this.#exclusively((session) => startRun(session, request));
  }

  /**
   * Goes on with a run that was interrupted, crashed, or has tasks to retry. Agents that are still running
   * are taken over, not started again; tasks that were held are looked at again.
   *
   * @throws PwtError `PWT_RUN_UNKNOWN`, `PWT_JOURNAL_CORRUPT`, `PWT_JOURNAL_BEHIND`, `PWT_INTEGRATION_REF_MOVED`,
   * `PWT_TASK_UNKNOWN`, `PWT_TASK_NOT_RETRYABLE`, `PWT_WORKSPACE_KEPT`, `PWT_JOURNAL_WRITE_FAILED`.
   */
  async resume(request: ResumeRequest): Promise<RunSummary> {
    return this.#exclusively((session) => resumeRun(session, request));
  }

  /**
   * Moves the target to what a run has integrated, and starts nothing. For runs without landing, and for
   * landings that were refused.
   *
   * @throws PwtError `PWT_REPLAY_UNSUPPORTED`, `PWT_TARGET_NOT_FOUND` with `ontoRewritten`
   */
  async land(request: LandRunRequest): Promise<RunSummary> {
    return this.#exclusively((session) => landRun(session, request));
  }

  /**
   * Gives tasks of a run up, starts nothing, and leaves the rest of the run as it is: stops their agents, records
   * the tasks as cancelled, and removes their workspaces, with a snapshot of what was in them.
   *
   * @throws PwtError `PWT_RUN_UNKNOWN`, `PWT_TASK_UNKNOWN`, `PWT_TASK_INTEGRATED`, `PWT_WORKSPACE_KEPT`
   */
  async abandon(runId: string, taskIds: readonly string[]): Promise<RunSummary> {
    return this.#exclusively((session) => abandonRun(session, runId, taskIds));
  }

  /**
   * Stops the current run; `now` after `drain` is heard, the other way round is not. Resolves when running
   * agents have been told; the run's own promise settles when everything has stopped.
   */
  async stop(mode: StopMode): Promise<void> {
    if (this.#active) await this.#session?.stop(mode);
  }

  async #exclusively(operation: (session: RunSession) => Promise<RunSummary>): Promise<RunSummary> {
    if (this.#active) {
      throw new PwtError('PWT_RUN_LOCKED', `This coordinator is busy with run ${this.state.runId}.`, {
        hint: 'Wait until it ends, or stop it.',
      });
    }
    this.#active = true;
    const session = new RunSession(this.#options);
    this.#session = session;
    try {
      return await operation(session);
    } finally {
      this.#active = false;
      session.close();
    }
  }
}
