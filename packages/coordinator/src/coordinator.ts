import { emptyRunState, PwtError, type RunState, type RunSummary } from '@pwt/core';
import type { CoordinatorOptions } from './coordinator-options.js';
import { abandonRun } from './operations/abandon.js';
import { type LandRunRequest, landRun } from './operations/land.js';
import { type ProposeRequest, proposeRun } from './operations/propose.js';
import { type ResumeRequest, resumeRun } from './operations/resume.js';
import { RunSession } from './operations/run-session.js';
import { type StartRunRequest, startRun } from './operations/start.js';
import { type LandResolvedRequest, landResolvedRun } from './resolve/land-resolved.js';
import { type ResolveRequest, resolveRun, type ToResolve } from './resolve/resolve-run.js';
import type { StopMode } from './run/stop-signal.js';

/**
 * Runs tasks to their end: one instance, one run at a time. It knows only the contracts, no implementation. It records an
 * event before each side effect, so {@link resume} can continue after a crash at any point.
 *
 * The caller holds the repository's run lock (see `acquireRunLock`).
 */
export class Coordinator {
  readonly #options: CoordinatorOptions;
  /** The state of the current or last operation. */
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
   * Continues a run that was interrupted, that crashed, or that has tasks to retry. Agents that still run are taken over,
   * not started again. Tasks that were held are tried again without their agent.
   *
   * @throws PwtError `PWT_RUN_UNKNOWN`, `PWT_JOURNAL_CORRUPT`, `PWT_JOURNAL_BEHIND`, `PWT_INTEGRATION_REF_MOVED`,
   * `PWT_TASK_UNKNOWN`, `PWT_TASK_NOT_RETRYABLE`, `PWT_WORKSPACE_KEPT`, `PWT_JOURNAL_WRITE_FAILED`.
   */
  async resume(request: ResumeRequest): Promise<RunSummary> {
    return this.#exclusively((session) => resumeRun(session, request));
  }

  /**
   * Moves the target to what a run has integrated, and starts no agent. For runs without landing, and after a refused
   * landing.
   *
   * @throws PwtError with `ontoRewritten`: `PWT_REPLAY_UNSUPPORTED`, `PWT_TARGET_NOT_FOUND`
   */
  async land(request: LandRunRequest): Promise<RunSummary> {
    return this.#exclusively((session) => landRun(session, request));
  }

  /**
   * Puts the conflict of a rejected task into its workspace, for a person to resolve; {@link land} goes on with it. Starts no
   * agent.
   *
   * @throws PwtError `PWT_RUN_UNKNOWN`, `PWT_TASK_UNKNOWN`, `PWT_TASK_NOT_RESOLVABLE`
   */
  async resolve(request: ResolveRequest): Promise<ToResolve> {
    return this.#exclusively((session) => resolveRun(session, request));
  }

  /**
   * Goes on with tasks whose conflicts a person has resolved: through gate and landing. Starts no agent.
   *
   * @throws PwtError `PWT_RUN_UNKNOWN`, `PWT_TASK_UNKNOWN`, `PWT_TASK_NOT_RESOLVABLE`
   */
  async landResolved(request: LandResolvedRequest): Promise<RunSummary> {
    return this.#exclusively((session) => landResolvedRun(session, request));
  }

  /**
   * Makes pull requests of tested work: what would land by itself, tested as that, becomes a branch on a remote. The run is
   * otherwise unchanged; no agent starts.
   *
   * @throws PwtError `PWT_TASK_UNKNOWN`, `PWT_TASK_NOT_READY`, and what the publisher throws
   */
  async propose(request: ProposeRequest): Promise<RunSummary> {
    return this.#exclusively((session) => proposeRun(session, request));
  }

  /**
   * Gives tasks of a run up: stops their agents, records the tasks as cancelled, takes a snapshot of their workspaces, and
   * removes these. The rest of the run stays as it is; no agent starts.
   *
   * @throws PwtError `PWT_RUN_UNKNOWN`, `PWT_TASK_UNKNOWN`, `PWT_TASK_INTEGRATED`, `PWT_WORKSPACE_KEPT`
   */
  async abandon(runId: string, taskIds: readonly string[]): Promise<RunSummary> {
    return this.#exclusively((session) => abandonRun(session, runId, taskIds));
  }

  /**
   * Stops the current run. `now` after `drain` counts; `drain` after `now` is ignored. Resolves when running agents have
   * been told to stop; the promise of the run settles when everything has stopped.
   */
  async stop(mode: StopMode): Promise<void> {
    if (this.#active) await this.#session?.stop(mode);
  }

  async #exclusively<T>(operation: (session: RunSession) => Promise<T>): Promise<T> {
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
