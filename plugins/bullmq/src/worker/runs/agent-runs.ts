import { PwtError, type Workspace } from '@pwt/core';
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
import { recordedAttempts } from './attempt-folders.js';
import { attemptOf, launcherOf, launchRequestOf } from './launcher-of.js';
import { isTaken, LiveRun, leftError } from './live-run.js';
import { hasLease, RunNotes, type RunRecord } from './records.js';

/** The agents of this worker. */
export class AgentRuns implements Runs {
  readonly #context: WorkerContext;
  readonly #live = new Map<string, LiveRun>();
  /** Beginnings under way: two deliveries of one job share the run. */
  readonly #opening = new Map<string, Promise<LiveRun | RunReport>>();

  constructor(context: WorkerContext) {
    this.#context = context;
  }

  get underWay(): readonly AttemptKey[] {
    return [...this.#live.values()].map(({ key }) => key);
  }

  readonly run = async (request: RunRequest, { abortSignal, progress }: JobTools): Promise<RunReport> => {
    const open = () => saidIfFull(this.#context.id, () => this.#open(request));
    const found = await this.#shared(request.attempt, open);
    if (!(found instanceof LiveRun)) return found;
    abortSignal.addEventListener('abort', found.listen(progress), { once: true });
    return saidIfFull(this.#context.id, () => Promise.race([found.report, aborted(abortSignal)]));
  };

  readonly attach = async (request: AttachRequest): Promise<Attached> => {
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
    const record = (await notes.read('run')) ?? { ...request, agents: [{ command: ['true'] as const }] };
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

  async #open(request: RunRequest): Promise<LiveRun | RunReport> {
    const repository = this.#context.repositories.named(request.repository);
    const { attempt, workspace, agents } = request;
    const notes = this.#notes(repository, attempt);
    const report = await notes.read('report');
    if (report !== undefined) return report;
    if ((await notes.read('left')) !== undefined) throw leftError(this.#context.id);
    if ((await notes.read('over')) !== undefined) throw overError(attempt, workspace);
    const record = { attempt, workspace, agents };
    const isRunning = await hasLease(repository, attempt);
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
    return this.#enter(repository, record, open, isRunning);
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
    const live = this.#watch(repository, record, run);
    if (isGivenUp) await run.stop();
    else void live.report.catch((error: unknown) => log.warn(`attempt ${name}: ${String(error)}`));
  }

  /** The limits of whoever has asked last are those that count. */
  async #limit(repository: WorkerRepository, live: LiveRun, { attempt }: AttachRequest): Promise<void> {
    const { timeoutMs, idleTimeoutMs } = live.record.attempt;
    if (attempt.timeoutMs === timeoutMs && attempt.idleTimeoutMs === idleTimeoutMs) return;
    live.limit(attempt);
    await this.#notes(repository, attempt).write('run', live.record);
  }

  #watch(repository: WorkerRepository, record: RunRecord, run: WatchedRun): LiveRun {
    return this.#enter(repository, record, async () => run, true);
  }

  #enter(
    repository: WorkerRepository,
    record: RunRecord,
    open: (abortSignal: AbortSignal) => Promise<WatchedRun>,
    isRunning: boolean,
  ): LiveRun {
    const { runId, taskId, number } = record.attempt;
    const name = attemptName({ runId, taskId, number });
    const notes = this.#notes(repository, record.attempt);
    const live = new LiveRun({ context: this.#context, repository, record, notes, open, isRunning });
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

/** Rejects when the coordinator does not wait any more. The agent goes on. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal.reason ?? new PwtError('PWT_ABORTED', 'It is not waited for any more.'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
