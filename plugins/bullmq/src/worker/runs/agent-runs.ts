import { PwtError, type Workspace } from '@pwt/core';
import { readRef } from '@pwt/git';
import type { WatchedRun } from '@pwt/launcher';
import { refs } from '../../exchange/refs.js';
import {
  type Attached,
  type AttachRequest,
  type AttemptKey,
  attemptName,
  type RunReport,
  type RunRequest,
} from '../../protocol/operations.js';
import type { JobTools, Runs, WorkerContext, WorkerRepository } from '../context.js';
import { saidIfFull } from '../disk-full.js';
import { earlierState } from '../earlier-state.js';
import { recordedAttempts } from './attempt-folders.js';
import { attemptOf, launcherOf, launchRequestOf } from './launcher-of.js';
import { isTaken, LiveRun, type LiveRunOptions, leftError } from './live-run.js';
import { hasLease, RunNotes, type RunRecord } from './records.js';
import { retried } from './retried.js';

/** The agents of this worker. */
export class AgentRuns implements Runs {
  readonly #context: WorkerContext;
  readonly #live = new Map<string, LiveRun>();
  /** Beginnings under way: two deliveries of one job share the run. */
  readonly #opening = new Map<string, Promise<LiveRun | RunReport>>();
  /** The workspaces that this very process has made. */
  readonly #made = new Set<string>();

  constructor(context: WorkerContext) {
    this.#context = context;
  }

  get underWay(): readonly AttemptKey[] {
    return [...this.#live.values()].map(({ key }) => key);
  }

  placed({ id }: Workspace): void {
    this.#made.add(id);
  }

  readonly run = async (request: RunRequest, { abortSignal, progress }: JobTools): Promise<RunReport> => {
    const open = () => saidIfFull(this.#context.id, () => this.#open(request, abortSignal));
    const found = await this.#shared(request.attempt, open);
    if (!(found instanceof LiveRun)) return found;
    abortSignal.addEventListener('abort', found.listen(progress), { once: true });
    return saidIfFull(this.#context.id, () => Promise.race([found.report, aborted(abortSignal)]));
  };

  readonly attach = async (request: AttachRequest, { abortSignal }: JobTools): Promise<Attached> => {
    const repository = this.#context.repositories.named(request.repository);
    const notes = this.#notes(repository, request.attempt);
    const live = this.#live.get(attemptName(request.attempt));
    if (live !== undefined) {
      await this.#limit(repository, live, request);
      return started(live);
    }
    for (const name of ['result', 'left', 'over'] as const)
      if ((await notes.read(name)) !== undefined) return { status: 'started' };
    // Of what was never given to this worker, nothing is started: it is only fenced.
    const known = await notes.read('run');
    if (known === undefined) await this.#refuseBegun(repository, request, abortSignal);
    const record = known ?? { ...request, agents: [{ command: ['true'] as const }] };
    const launcher = await launcherOf(this.#context, repository, record);
    const run = await launcher.attach(attemptOf(repository, { ...record, attempt: request.attempt }));
    if (run === undefined) return { status: 'never-started' };
    return started(this.#watch(repository, { ...record, attempt: request.attempt }, run));
  };

  async reconcile(): Promise<void> {
    for (const repository of this.#context.repositories.all) {
      for (const record of await recordedAttempts(repository)) await this.#takeOver(repository, record);
    }
  }

  async stop(attempt: AttemptKey): Promise<void> {
    await this.#live.get(attemptName(attempt))?.stop();
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#live.values()].map((live) => live.leave()));
  }

  async vacate({ id }: Workspace): Promise<void> {
    for (const live of [...this.#live.values()].filter(({ workspaceId }) => workspaceId === id)) {
      await live.stop();
      await live.report.catch((error: unknown) => {
        this.#context.log.warn(`attempt ${attemptName(live.key)}: ${String(error)}`);
      });
    }
  }

  async #shared(attempt: AttemptKey, open: () => Promise<LiveRun | RunReport>): Promise<LiveRun | RunReport> {
    const name = attemptName(attempt);
    const live = this.#live.get(name);
    if (live !== undefined) return live;
    const opening = this.#opening.get(name) ?? open().finally(() => this.#opening.delete(name));
    this.#opening.set(name, opening);
    return opening;
  }

  async #open(request: RunRequest, abortSignal: AbortSignal): Promise<LiveRun | RunReport> {
    const repository = this.#context.repositories.named(request.repository);
    const { attempt, workspace, agents } = request;
    const notes = this.#notes(repository, attempt);
    const report = await notes.read('report');
    if (report !== undefined) return report;
    const left = await notes.read('left');
    if (left !== undefined) throw leftError(this.#context.id, left.wasOff);
    if ((await notes.read('over')) !== undefined) throw overError(attempt, workspace);
    const record = { attempt, workspace, agents };
    const isRunning = await hasLease(repository, attempt);
    if (!isRunning && !this.#made.has(workspace.id))
      await this.#refuseBegun(repository, request, abortSignal);
    await notes.write('run', record);
    const launcher = await launcherOf(this.#context, repository, request);
    const open = async (abortSignal: AbortSignal): Promise<WatchedRun> => {
      try {
        return await launcher.launch({ ...launchRequestOf(repository, request), abortSignal });
      } catch (error) {
        if (!isTaken(error)) throw error;
        const run = await launcher.attach(attemptOf(repository, record));
        if (run === undefined) throw error;
        return run;
      }
    };
    return this.#enter(repository, record, { open, isRunning });
  }

  /** One that has pushed something, and that is not known here, has begun before the folder was set back to an earlier state. */
  async #refuseBegun(
    { mirror }: WorkerRepository,
    { workspace, attempt }: Pick<AttachRequest, 'workspace' | 'attempt'>,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, log } = this.#context;
    const onTrouble = (message: string) => log.warn(`attempt ${attemptName(attempt)}: ${message}`);
    for (const ref of [refs.attempt(attempt), refs.unfinished(attempt)]) {
      const found = await retried(() => mirror.look(ref), { clock, signal, onTrouble });
      if (found === 'given-up') throw earlierState(workspace.id);
      if (found !== undefined && found !== (await readRef(mirror.git, ref))) throw earlierState(workspace.id);
    }
  }

  /** What an earlier process of this worker has begun. */
  async #takeOver(repository: WorkerRepository, record: RunRecord): Promise<void> {
    const { log } = this.#context;
    const name = attemptName(record.attempt);
    const notes = this.#notes(repository, record.attempt);
    if ((await notes.read('report')) !== undefined || this.#live.has(name)) return;
    const isGivenUp = await repository.mirror.look(refs.attempt(record.attempt)).then(
      (found) => found === 'given-up',
      (error: unknown) => {
        log.warn(`attempt ${name}: it can't be asked whether it was given up: ${String(error)}`);
        return false;
      },
    );
    // It goes on elsewhere, or was never begun.
    if ((await notes.read('left')) !== undefined && !isGivenUp) return;
    // One that has not started is not fenced: its job is given to this worker again.
    if (!isGivenUp && !(await hasLease(repository, record.attempt))) return;
    const launcher = await launcherOf(this.#context, repository, record);
    const run = await launcher.attach(attemptOf(repository, record));
    if (run === undefined) return;
    log.info(`attempt ${name} was found again`);
    const live = this.#watch(repository, record, run, { isFoundAgain: true });
    if (isGivenUp) await run.stop();
    else void live.report.catch((error: unknown) => log.warn(`attempt ${name}: ${errorText(error)}`));
  }

  /** The limits of whoever has asked last are those that count. */
  async #limit(repository: WorkerRepository, live: LiveRun, { attempt }: AttachRequest): Promise<void> {
    const { timeoutMs, idleTimeoutMs } = live.record.attempt;
    if (attempt.timeoutMs === timeoutMs && attempt.idleTimeoutMs === idleTimeoutMs) return;
    live.limit(attempt);
    await this.#notes(repository, attempt).write('run', live.record);
  }

  #watch(
    repository: WorkerRepository,
    record: RunRecord,
    run: WatchedRun,
    how: Pick<LiveRunOptions, 'isFoundAgain'> = {},
  ): LiveRun {
    return this.#enter(repository, record, { open: async () => run, isRunning: true, ...how });
  }

  #enter(
    repository: WorkerRepository,
    record: RunRecord,
    how: Pick<LiveRunOptions, 'open' | 'isRunning' | 'isFoundAgain'>,
  ): LiveRun {
    const { runId, taskId, number } = record.attempt;
    const name = attemptName({ runId, taskId, number });
    const notes = this.#notes(repository, record.attempt);
    const live = new LiveRun({ context: this.#context, repository, record, notes, ...how });
    this.#live.set(name, live);
    const forget = () => void this.#live.delete(name);
    live.report.then(forget, forget);
    return live;
  }

  #notes(repository: WorkerRepository, attempt: AttemptKey): RunNotes {
    return new RunNotes(repository.attemptDir(attempt));
  }
}

function started({ elapsedMs }: LiveRun): Attached {
  return { status: 'started', ...(elapsedMs === undefined ? {} : { elapsedMs }) };
}

/** Its workspace was removed; another one may be there by now, for another attempt. */
function overError(attempt: AttemptKey, { id }: Workspace): PwtError {
  return new PwtError(
    'PWT_WORKSPACE_UNKNOWN',
    `The workspace of attempt ${attemptName(attempt)} was removed.`,
    {
      data: { id },
    },
  );
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Rejects when the coordinator does not wait any more. The agent goes on. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal.reason ?? new PwtError('PWT_ABORTED', 'It is not waited for any more.'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
