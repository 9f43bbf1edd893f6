import { hasCode, PwtError } from '@pwt/core';
import type { WatchedRun } from '@pwt/launcher';
import { type AttemptKey, attemptName, type RunReport } from '../../protocol/operations.js';
import type { WorkerContext, WorkerRepository } from '../context.js';
import { bringResult } from './bring-result.js';
import type { Listener } from './hearer.js';
import { Narrator } from './narrator.js';
import type { RunNotes, RunRecord } from './records.js';
import { retried } from './retried.js';
import { UnfinishedWork } from './unfinished.js';

export interface LiveRunOptions {
  readonly context: WorkerContext;
  readonly repository: WorkerRepository;
  readonly record: RunRecord;
  readonly notes: RunNotes;
  /** Starts the agent, or finds it. */
  readonly open: (abortSignal: AbortSignal) => Promise<WatchedRun>;
  /** It is known to run already: it needs no slot that is free. */
  readonly isRunning: boolean;
  /** An earlier process of this worker has started it. */
  readonly isFoundAgain?: boolean;
}

/**
 * An attempt on this worker, from before its agent starts until its result is on the exchange. Whoever asks for it gets the same
 * report. Nothing that happens to Redis ends it.
 */
export class LiveRun {
  readonly key: AttemptKey;
  readonly report: Promise<RunReport>;
  readonly #options: LiveRunOptions;
  readonly #unfinished: UnfinishedWork;
  readonly #listeners = new Set<Listener>();
  /** Ends the wait for a slot; an agent that is just being started is stopped then. */
  readonly #start = new AbortController();
  /** Ends the tries to push. */
  readonly #push = new AbortController();
  /** The attempt, with the limits that count. */
  #record: RunRecord;
  #run: WatchedRun | undefined;
  #narrator: Narrator | undefined;
  #cancelSnapshot: (() => void) | undefined;
  #trouble = '';
  #isLeaving = false;
  #hasEnded = false;

  constructor(options: LiveRunOptions) {
    const { runId, taskId, number } = options.record.attempt;
    this.key = { runId, taskId, number };
    this.#options = options;
    this.#record = options.record;
    this.#unfinished = new UnfinishedWork(options.repository, options.record, options.context.clock);
    this.report = this.#live();
    // Whoever asks hears of it.
    this.report.catch(() => undefined);
  }

  get workspaceId(): string {
    return this.#options.record.workspace.id;
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** Its limits are these from now on, also those of an agent that has yet to start. */
  limit(attempt: RunRecord['attempt']): void {
    this.#record = { ...this.#record, attempt };
    this.#run?.limit(attempt);
  }

  /** How long ago the agent was started, in milliseconds; `undefined` before that. */
  get elapsedMs(): number | undefined {
    const { clock } = this.#options.context;
    return this.#run && Math.max(0, clock.now() - this.#run.startedAt);
  }

  /** Tells what the agent does, from when it is there. The result ends that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    void this.#narrator?.listen(listener);
    return () => {
      this.#listeners.delete(listener);
      this.#narrator?.forget(listener);
    };
  }

  /** Stops the agent; its result is pushed as always. One that waits for a slot does not start. */
  async stop(): Promise<void> {
    this.#start.abort(new PwtError('PWT_ABORTED', 'It was stopped before its agent started.'));
    await this.#run?.stop();
  }

  /** The operator ends the worker. */
  async leave(): Promise<void> {
    const { notes, context } = this.#options;
    this.#isLeaving = true;
    // What has ended is pushed by the next process, unless that was given up meanwhile.
    if (!this.#hasEnded) await notes.write('left', { at: context.clock.now() }).catch(this.#troubled);
    this.#start.abort(leftError(context.id));
    this.#push.abort(leftError(context.id));
    await this.#run?.stop();
    await this.report.catch(() => undefined);
  }

  async #live(): Promise<RunReport> {
    const { context, record, isRunning } = this.#options;
    const { signal } = this.#start;
    const leave = await context.slots.enter(record.workspace.id, { isRunning, abortSignal: signal });
    try {
      const run = await this.#options.open(signal);
      this.#run = run;
      if (this.#record !== record) run.limit(this.#record.attempt);
      this.#begin(run);
      if (signal.aborted) run.stop().catch(this.#troubled);
      const exit = await run.exited;
      this.#hasEnded = !this.#isLeaving;
      this.#cancelSnapshot?.();
      context.log.info(
        `${this.#name} ended: ${exit.kind}${exit.exitCode === undefined ? '' : ` ${exit.exitCode}`}`,
      );
      if (this.#isLeaving) {
        await this.#pushUnfinished();
        throw leftError(context.id);
      }
      if (exit.kind === 'lost' && (await this.#isLostWithMachine())) {
        await this.#retried(() => this.#saveLost());
        throw leftError(context.id, true);
      }
      const report = await this.#retried(() => bringResult({ ...this.#options, worker: context.id, exit }));
      this.#tell(report);
      return report;
    } finally {
      this.#narrator?.end();
      this.#cancelSnapshot?.();
      leave();
    }
  }

  /** Not of an attempt that was given up: whatever there is of it is late work. */
  async #isLostWithMachine(): Promise<boolean> {
    if (this.#options.isFoundAgain !== true) return false;
    return !(await this.#retried(() => this.#unfinished.isGivenUp()));
  }

  /** What the agent had goes on elsewhere. A folder that was set back to an earlier state has less than the exchange. */
  async #saveLost(): Promise<void> {
    const { notes, context } = this.#options;
    if (await this.#unfinished.isLatest()) await this.#unfinished.push();
    await notes.write('left', { at: context.clock.now(), wasOff: true });
  }

  #retried<T>(act: () => Promise<T>): Promise<T> {
    const { clock } = this.#options.context;
    return retried(act, {
      ...{ clock, signal: this.#push.signal },
      onTrouble: (message) => this.#notPushed(message),
    });
  }

  #begin(run: WatchedRun): void {
    const { context, repository } = this.#options;
    context.log.info(`${this.#name} runs`);
    this.#narrator = new Narrator({
      run,
      dir: repository.attemptDir(this.key),
      clock: context.clock,
      intervalMs: context.timings.progressMs,
      onTrouble: (error) => this.#troubled(error),
    });
    for (const listener of this.#listeners) void this.#narrator.listen(listener);
    this.#scheduleSnapshot();
  }

  #scheduleSnapshot(): void {
    const { clock, timings } = this.#options.context;
    if (this.#hasEnded || this.#isLeaving) return;
    this.#cancelSnapshot = clock.after(timings.snapshotMs, () => {
      void this.#pushUnfinished().finally(() => this.#scheduleSnapshot());
    });
  }

  async #pushUnfinished(): Promise<void> {
    try {
      await this.#unfinished.push();
      if (!this.#hasEnded && !this.#isLeaving && (await this.#unfinished.isGivenUp())) {
        this.#options.context.log.warn(`${this.#name} was given up by its run: its agent is stopped`);
        await this.#run?.stop();
      }
      this.#trouble = '';
    } catch (error) {
      this.#troubled(error);
    }
  }

  /** The workspace of one that was given up goes later: who waits for the end of the agent may be about to place another one there. */
  #tell({ late }: RunReport): void {
    const { context, repository, record } = this.#options;
    if (late === undefined) {
      context.log.info(`${this.#name} is pushed`);
      return;
    }
    context.log.warn(`${this.#name} had been given up: its work is kept as ${late.ref}`);
    context.abandon(repository, record.workspace, this.key).catch(this.#troubled);
  }

  /** The operator hears of it, and who waits for the agent. */
  #notPushed(message: string): void {
    const text = `its result is not pushed yet, and it is tried again: ${message}`;
    this.#options.context.log.warn(`${this.#name}: ${text}`);
    this.#narrator?.say(`${this.#options.context.id}: ${text}`);
  }

  /** The same again and again is told once. */
  readonly #troubled = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.#trouble) return;
    this.#trouble = message;
    this.#options.context.log.warn(`${this.#name}: ${message}`);
  };

  get #name(): string {
    return `attempt ${attemptName(this.key)}`;
  }
}

/** What a `run` ends with where the operator has ended the worker, or where the machine was off meanwhile. */
export function leftError(worker: string, wasOff = false): PwtError {
  const why = wasOff
    ? `The agents of ${worker} were gone when it was started again.`
    : `The operator of ${worker} has stopped it.`;
  return new PwtError('PWT_WORKER_LOST', why, { data: { worker } });
}

export function isTaken(error: unknown): boolean {
  return hasCode(error, 'PWT_ATTEMPT_TAKEN');
}
