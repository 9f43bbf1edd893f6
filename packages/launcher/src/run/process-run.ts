import { stat } from 'node:fs/promises';
import {
  type AgentActivity,
  type AgentExit,
  type AgentRun,
  type AgentUsage,
  type Attempt,
  type Clock,
  defined,
} from '@pwt/core';
import { type ProcessExit, type StopReport, type Supervised, stopStrays } from '@pwt/process';
import type { AttemptFiles, StopReason } from '../attempt/attempt-files.js';
import { complaintIn, isRetryLine } from '../dialects/complaint.js';
import type { Dialect, Reading } from '../dialects/dialect.js';
import { activityStream } from './activity-stream.js';
import { readEvidence } from './evidence.js';
import { LifeSigns } from './life-signs.js';
import { readUsage, UsageMeter } from './usage-meter.js';
import { Watchdog } from './watchdog.js';

export interface ProcessRunOptions {
  readonly limits: Pick<Attempt, 'timeoutMs' | 'idleTimeoutMs'>;
  /** The worktree. Absolute. */
  readonly folder: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The name of the agent's preset or command. */
  readonly agent: string;
  readonly supervised: Supervised;
  readonly files: AttemptFiles;
  readonly dialect: Dialect;
  /** What the session that this attempt continues had used by then. */
  readonly usedBefore?: AgentUsage | undefined;
  readonly clock: Clock;
  /** How long a stopped agent may take to end by itself. */
  readonly graceMs: number;
  /** Set if an earlier program had decided to stop the agent before it died itself. */
  readonly stopReason?: StopReason | undefined;
  /**
   * Brings into the repository what was kept apart from it while the agent ran, once all of its processes have ended. Resolves
   * with what a person should know.
   */
  readonly bringBack?: () => Promise<readonly string[]>;
}

/** An agent on this machine, whose time limits may change while it works. */
export interface WatchedRun extends AgentRun {
  /** From now on these count, in milliseconds from its first start and from its last sign of life; 0 means no limit. */
  limit(limits: Pick<Attempt, 'timeoutMs' | 'idleTimeoutMs'>): void;
}

/** One agent under its supervisor, just started or found again. */
export class ProcessRun implements WatchedRun {
  readonly startedAt: number;
  readonly details: { readonly agent: string; readonly pid: number; readonly mark: string };
  readonly events: AsyncIterable<AgentActivity>;
  readonly exited: Promise<AgentExit>;
  readonly #options: ProcessRunOptions;
  #watchdog: Watchdog;
  readonly #signs: LifeSigns;
  #stopping: Promise<void> | undefined;
  #stopReason: StopReason | undefined;
  #hasEnded = false;
  #fail: (error: unknown) => void = () => undefined;

  constructor(options: ProcessRunOptions) {
    const { agent, supervised, startedAt, limits, files, dialect, usedBefore, stopReason } = options;
    this.#options = options;
    this.startedAt = startedAt;
    this.details = { agent, pid: supervised.identity.pid, mark: supervised.mark };
    this.#stopReason = stopReason;
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    const ended = Promise.race([this.#end(), failed]);
    this.exited = ended.then(({ exit }) => exit);
    // A failing environment is told by `exited` alone.
    const closing = ended.then(
      ({ leftovers }) => leftovers,
      () => [],
    );
    this.events = activityStream({ log: files.stdout, dialect, meter: new UsageMeter(usedBefore), closing });
    this.#signs = new LifeSigns({
      startedAt,
      logs: [
        { path: files.stdout, isSign: (line) => isSign(dialect(line), line) },
        // Of an agent that tells its work on stdout, stderr has the rest, most of it about what does not work.
        { path: files.stderr, isSign: (line) => !isRetryLine(line) && complaintIn(line) === undefined },
      ],
      recall: () => files.aliveAt(),
      keep: (at) => files.writeAliveAt(at),
    });
    this.#watchdog = this.#watched(limits);
    if (stopReason) this.#stop(stopReason).catch(this.#fail);
  }

  limit(limits: ProcessRunOptions['limits']): void {
    this.#watchdog.stop();
    if (!this.#hasEnded) this.#watchdog = this.#watched(limits);
  }

  async lastSignAt(): Promise<number> {
    return this.#signs.lastAt();
  }

  async stop(): Promise<void> {
    await this.#stop('stopped');
    await this.exited;
  }

  #watched(limits: ProcessRunOptions['limits']): Watchdog {
    return new Watchdog({
      clock: this.#options.clock,
      startedAt: this.startedAt,
      ...limits,
      lastSignAt: () => this.#signs.lastAt(),
      onExpired: (reason) => this.#stop(reason).catch(this.#fail),
    });
  }

  /** The first reason counts; it is on record before the first signal is sent. */
  #stop(reason: StopReason): Promise<void> {
    this.#stopping ??= this.#stopTree(reason);
    return this.#stopping;
  }

  async #stopTree(reason: StopReason): Promise<void> {
    const { supervised, files, graceMs } = this.#options;
    // An agent that has ended by itself was not stopped.
    if (this.#hasEnded || (await modifiedAt(files.exit)) !== undefined) return;
    this.#stopReason ??= reason;
    // The record is for a program that comes after us; a full disk is no reason to let the agent go on.
    await files.writeStopReason(this.#stopReason).catch(() => undefined);
    await supervised.stop({ graceMs });
  }

  /** What carries no mark any more, but is still in the worktree. */
  async #stopStrays(): Promise<StopReport> {
    const { supervised, folder, graceMs } = this.#options;
    return stopStrays({ folder, since: supervised.identity, graceMs });
  }

  async #end(): Promise<{ exit: AgentExit; leftovers: readonly AgentActivity[] }> {
    const { supervised, files, dialect, usedBefore, clock, startedAt, graceMs, bringBack } = this.#options;
    const ended = await supervised.exited;
    this.#hasEnded = true;
    this.#watchdog.stop();
    // What the agent has left running would go on writing into a worktree that is about to be collected.
    const reports = [await supervised.stop({ graceMs }), await this.#stopStrays()];
    const leftBehind = reports.flatMap(({ terminated, killed }) => [...terminated, ...killed]);
    const survivors = reports.flatMap((report) => report.survivors);
    await this.#stopping;
    const notes = (await bringBack?.()) ?? [];
    const endedAt = (await modifiedAt(files.exit)) ?? clock.now();
    const facts = exitFacts(ended, this.#stopReason);
    const [evidence, usage, noChange] = await Promise.all([
      readEvidence(files, dialect, { ...facts, endedAt }),
      readUsage(files.stdout, dialect, usedBefore),
      files.readStatement(),
    ]);
    const exit = {
      ...evidence,
      ...facts,
      ...defined({ usage, noChange }),
      durationMs: Math.max(0, Math.round(endedAt - startedAt)),
    };
    const stopped = this.#stopReason === undefined ? leftBehind.length : 0;
    return { exit, leftovers: leftoverActivities(stopped, survivors.length, notes) };
  }
}

/** What is no event of the dialect is text. */
function isSign(reading: Reading | undefined, line: string): boolean {
  if (reading === undefined || reading.activity?.kind !== 'output') return reading?.isRetry !== true;
  return !isRetryLine(line);
}

function exitFacts(ended: ProcessExit, stopReason: StopReason | undefined): Omit<AgentExit, 'durationMs'> {
  switch (ended.kind) {
    case 'exited':
      return { kind: stopReason ?? 'exited', exitCode: ended.exitCode };
    case 'signalled':
      return { kind: stopReason ?? 'signalled', exitCode: ended.exitCode, signal: ended.signal };
    case 'lost':
      return { kind: stopReason ?? 'lost' };
    case 'spawn-failed':
      return { kind: 'exited', failure: { kind: 'crash', message: ended.message } };
  }
}

function leftoverActivities(stopped: number, survivors: number, notes: readonly string[]): AgentActivity[] {
  const activities: AgentActivity[] = [];
  if (stopped > 0) {
    activities.push({
      kind: 'output',
      text: `stopped ${processes(stopped)} that the agent had left running`,
    });
  }
  if (survivors > 0) {
    activities.push({ kind: 'error', text: `${processes(survivors)} of the agent could not be stopped` });
  }
  return [...activities, ...notes.map((text): AgentActivity => ({ kind: 'error', text }))];
}

function processes(count: number): string {
  return count === 1 ? '1 process' : `${count} processes`;
}

function modifiedAt(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
