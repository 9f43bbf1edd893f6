import { Readable } from 'node:stream';
import {
  type AgentActivity,
  type AgentExit,
  type AgentRun,
  type Clock,
  hasCode,
  isPwtError,
} from '@pwt/core';
import type { CallOptions } from '../fleet/fleet.js';
import type { AttemptKey, RunProgress, RunReport } from '../protocol/operations.js';
import type { AttemptState } from './attempt-state.js';
import type { LauncherContext } from './context.js';
import { giveUp } from './give-up.js';
import type { MirroredLog } from './mirrored-log.js';
import { tellToStop } from './tell-to-stop.js';

export interface RemoteRunOptions {
  readonly context: LauncherContext;
  readonly clock: Clock;
  readonly attempt: AttemptKey;
  /** The coordinator's id of the workspace. */
  readonly workspace: string;
  /** Which home of it the attempt was given to. */
  readonly homes: number;
  readonly worker: string;
  /** The name of the agent. */
  readonly agent: string;
  /** When the attempt was given to the worker, in milliseconds since the epoch. */
  readonly givenAt: number;
  /** When the agent was started; absent: the worker says so. */
  readonly startedAt?: number | undefined;
  readonly state: AttemptState;
  readonly log: MirroredLog;
  /** Has the worker start the agent, or go on with it, and waits for the end. */
  readonly ask: (options: Required<Pick<CallOptions, 'abortSignal' | 'onProgress'>>) => Promise<RunReport>;
}

/**
 * An agent on a worker. All times are by this machine's clock: what a worker says are durations.
 *
 * Its end is on record here before {@link exited} says it.
 */
export class RemoteRun implements AgentRun {
  /**
   * Resolves when the agent has been started, or has ended already.
   *
   * @throws whatever the start has thrown; then {@link exited} throws it, too
   */
  readonly begun: Promise<void>;
  readonly exited: Promise<AgentExit>;
  readonly details: { readonly agent: string; readonly machine: string };
  readonly #events = new Readable({ objectMode: true, read: () => undefined });
  readonly #options: RemoteRunOptions;
  /** The call to the worker; aborted when its answer is not waited for any more. */
  readonly #call = new AbortController();
  /** Settles the run in place of the worker's answer. */
  #settle: (exit: Promise<AgentExit>) => void = () => undefined;
  #begin: () => void = () => undefined;
  #startedAt: number | undefined;
  #signAt: number | undefined;
  #record: string | undefined;
  #lastProgress: string | undefined;
  #stopping: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #hasFailedToWrite = false;

  constructor(options: RemoteRunOptions) {
    const { agent, worker, startedAt } = options;
    this.#options = options;
    this.details = { agent, machine: worker };
    this.#startedAt = startedAt;
    const started = new Promise<void>((resolve) => {
      this.#begin = resolve;
    });
    this.exited = this.#run();
    this.begun = Promise.race([started, this.exited.then(() => undefined)]);
    // Whoever has launched it hears of it by the other one.
    this.exited.catch(() => undefined);
    if (startedAt !== undefined) this.#begin();
  }

  get startedAt(): number {
    return this.#startedAt ?? this.#options.givenAt;
  }

  get events(): AsyncIterable<AgentActivity> {
    return this.#events;
  }

  async lastSignAt(): Promise<number> {
    return this.#signAt ?? this.startedAt;
  }

  async stop(): Promise<void> {
    const { context, clock, attempt, worker } = this.#options;
    this.#stopping ??= tellToStop({
      ...{ context, clock, attempt, worker },
      ended: this.exited.then(
        () => undefined,
        () => undefined,
      ),
      onSilent: () => this.#settle(this.#lost()),
    });
    await this.#stopping;
  }

  async #run(): Promise<AgentExit> {
    const settled = new Promise<AgentExit>((resolve) => {
      this.#settle = resolve;
    });
    try {
      const exit = await Promise.race([this.#ask(), settled]);
      await this.#writing;
      const { startedAt } = this;
      const { context, workspace, attempt } = this.#options;
      await context.placements.ended(workspace, attempt.number);
      await this.#options.state.end({ v: 1, startedAt, exit });
      return exit;
    } finally {
      this.#call.abort();
      this.#events.push(null);
    }
  }

  async #ask(): Promise<AgentExit> {
    const { ask, context, homes, workspace } = this.#options;
    try {
      const report = await ask({
        abortSignal: this.#call.signal,
        onProgress: (progress) => this.#progressed(progress),
      });
      return await this.#reported(report);
    } catch (error) {
      // A worker that has come back with an empty disk has lost its agents, too.
      if (hasCode(error, 'PWT_WORKER_LOST') || hasCode(error, 'PWT_WORKSPACE_UNKNOWN')) {
        await context.placements.lost(workspace, homes);
        return this.#lost();
      }
      // Another worker may have room.
      if (this.#startedAt === undefined && hasCode(error, 'PWT_WORKER_DISK_FULL')) {
        context.warn(error.message);
        await context.placements.lost(workspace, homes);
        return this.#decided();
      }
      if (this.#startedAt === undefined || !isPwtError(error)) throw error;
      return this.#failed(error.message);
    }
  }

  async #reported({ exit, result, late, stdout, stderr, record }: RunReport): Promise<AgentExit> {
    const { context, clock, givenAt, log, attempt, worker, workspace, homes } = this.#options;
    this.#startedAt ??= Math.max(givenAt, clock.now() - exit.durationMs);
    this.#note(record);
    this.#write(async () => {
      await log.whole('stdout', await context.exchange.open(stdout));
      await log.whole('stderr', await context.exchange.open(stderr));
    });
    if (result !== undefined) {
      await context.placements.made(workspace, { commit: result, at: homes });
      return exit;
    }
    const { number, taskId } = attempt;
    const where = late === undefined ? '' : `, and kept as ${late.ref} on the exchange (${late.commit})`;
    context.warn(
      `Attempt ${number} of task ${taskId} had been given up when ${worker} brought its work: it does not count${where}.`,
    );
    // The worker does not keep the workspace either.
    await context.placements.lost(workspace, homes);
    return this.#decided();
  }

  /** The worker can't be asked. */
  async #lost(): Promise<AgentExit> {
    const exit = await this.#decided();
    this.#say(`${this.#options.worker} can't be asked any more: the end of the agent's output is not here`);
    return exit;
  }

  /** What is on the exchange says whether the agent has ended, whatever a worker says. */
  async #decided(): Promise<AgentExit> {
    const { context, clock, attempt, workspace, worker } = this.#options;
    try {
      return (await giveUp(context, clock, { attempt, workspace, worker })) ?? this.#gone();
    } catch (error) {
      if (!isPwtError(error)) throw error;
      return failure(`what it has done on ${worker} can't be told: ${error.message}`, this.#durationMs());
    }
  }

  /** The agent may be at work all the same: it is told to stop, and its result will not count. */
  async #failed(message: string): Promise<AgentExit> {
    const { context, attempt, worker } = this.#options;
    await Promise.allSettled([
      context.fleet.markStopped(attempt),
      context.fleet.control(worker, { v: 1, kind: 'stop', attempt }),
    ]);
    const exit = await this.#lost();
    return exit.lostWith === undefined ? exit : failure(`${worker}: ${message}`, this.#durationMs());
  }

  #gone(): AgentExit {
    return { kind: 'lost', lostWith: this.#options.worker, durationMs: this.#durationMs() };
  }

  #durationMs(): number {
    return Math.max(0, Math.round(this.#options.clock.now() - this.startedAt));
  }

  #progressed(progress: RunProgress): void {
    // It may be told twice: as an event, and when the job is looked at.
    const written = JSON.stringify(progress);
    if (written === this.#lastProgress) return;
    this.#lastProgress = written;
    const { elapsedMs, quietMs, activities, tail, offset, record } = progress;
    const now = this.#options.clock.now();
    const isFirst = this.#startedAt === undefined;
    this.#startedAt ??= Math.round(now - elapsedMs);
    this.#signAt = Math.max(this.#signAt ?? this.#startedAt, Math.round(now - quietMs));
    for (const activity of activities) this.#events.push(activity);
    if (isFirst || record !== undefined) this.#note(record);
    this.#write(() => this.#options.log.tail(tail, offset));
    if (isFirst) void this.#writing.then(() => this.#begin());
  }

  #say(text: string): void {
    const activity: AgentActivity = { kind: 'error', text };
    this.#events.push(activity);
  }

  #note(record: string | undefined): void {
    if (record !== undefined && record === this.#record) return;
    this.#record = record ?? this.#record;
    const { agent, log } = this.#options;
    const { startedAt } = this;
    this.#write(() => log.record({ agent, startedAt }, this.#record));
  }

  /** One after another. A log that can't be written is no reason to lose sight of the agent. */
  #write(action: () => Promise<void>): void {
    const { context, attempt } = this.#options;
    this.#writing = this.#writing.then(action).catch((error: unknown) => {
      if (this.#hasFailedToWrite) return;
      this.#hasFailedToWrite = true;
      const why = error instanceof Error ? error.message : String(error);
      context.warn(
        `The log of attempt ${attempt.number} of task ${attempt.taskId} is not complete here: ${why}`,
      );
    });
  }
}

function failure(message: string, durationMs: number): AgentExit {
  return { kind: 'exited', durationMs, failure: { kind: 'crash', message } };
}
