import { join } from 'node:path';
import {
  type CommitId,
  type Diagnostic,
  defaultRunOptions,
  type EventSink,
  emptyRunState,
  type Finding,
  hasCode,
  type JournalStore,
  PwtError,
  type RepositoryState,
  type RunEvent,
  type RunOptions,
  type RunState,
  type RunSummary,
  reduceRun,
  summarise,
  type Task,
  type TaskClaims,
} from '@pwt/core';
import type { RiskEstimate } from '@pwt/planner';
import { type Clock, systemClock } from './clock.js';
import { requireUpToDate } from './journal/behind.js';
import { land, settleTarget, tryLand } from './landing/land.js';
import { replayedTasks, startOnRewritten } from './landing/rewritten.js';
import { abandon, checkAbandonable } from './operations/abandon.js';
import { closeRefs, removeAllLanded } from './pipeline/clean-up.js';
import { joinAgain } from './pipeline/run-task.js';
import { reasonOf } from './reason-of.js';
import { reconcile } from './resume/recover.js';
import { checkRetryable, takeUp } from './resume/requeue.js';
import { createContext, restoreScheduler } from './run/create-context.js';
import { report } from './run/findings.js';
import type { CoordinatorParts, RunContext, StopMode } from './run/run-context.js';
import { RunLog } from './run/run-log.js';
import { RunLoop } from './run/run-loop.js';

export interface CoordinatorOptions extends CoordinatorParts {
  readonly journals: JournalStore;
  readonly sinks?: readonly EventSink[];
  /** How long sinks may take after the last event before the run ends without them. @default 10 seconds */
  readonly sinkPatienceMs?: number;
  /** Where runs keep their files: `<runsDir>/<runId>/…`. Absolute. */
  readonly runsDir: string;
  /**
   * Makes the estimate by which the `balanced` policy orders and pairs tasks; asked whenever a run begins or goes
   * on. Absent, or if it answers `undefined`: claims alone decide.
   */
  readonly riskOf?: (request: RiskRequest) => Promise<RiskEstimate | undefined>;
  /** Tells of what is put right beside the run, and was before it; returns how to stop that. */
  readonly recoveries?: (tell: (finding: Finding) => void) => () => void;
  /** @default the system's clock */
  readonly clock?: Clock;
}

/** The tasks of a run as they stand. */
export interface RiskRequest {
  readonly tasks: readonly Task[];
  /** One entry per task, in the same order. */
  readonly claims: readonly TaskClaims[];
  /** What the run is based on. */
  readonly base: CommitId;
}

export interface StartRunRequest {
  readonly runId: string;
  readonly tasks: readonly Task[];
  /** One entry per task. */
  readonly claims: readonly TaskClaims[];
  /** All ids, most preferred first; see `planSchedule`. */
  readonly order: readonly string[];
  readonly diagnostics?: readonly Diagnostic[];
  /** What was found before the run, and the user should know of. */
  readonly findings?: readonly Finding[];
  /** Branch name without `refs/heads/`. */
  readonly target: string;
  /** The target's tip: the first tasks start from it. */
  readonly base: CommitId;
  readonly options: RunOptions;
  /** Whatever the composition root needs to compose the run again; kept as it is. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A first look at the repository, begun earlier so that nobody waits for it. @default made here */
  readonly observed?: Promise<RepositoryState>;
}

export interface LandRunRequest {
  readonly runId: string;
  /**
   * Take a target that was rewritten as it is, and put on top of it what this run has integrated and not landed: each
   * task's own changes, gated again. @default false: a rewritten target is refused
   */
  readonly ontoRewritten?: boolean;
}

export interface ResumeRequest {
  readonly runId: string;
  /** Tasks that ended badly and are to start over. */
  readonly retry?: readonly string[];
  /** Replace the recorded options of the run from here on. */
  readonly options?: Partial<RunOptions>;
}

/**
 * Runs tasks to their end: one instance, one run at a time. Knows only the contracts; everything it does is
 * an event first, so that {@link resume} can go on from any point at which the process may have died.
 *
 * The caller holds the repository's run lock (see `acquireRunLock`).
 */
export class Coordinator {
  readonly #options: CoordinatorOptions;
  readonly #clock: Clock;
  #log: RunLog | undefined;
  #context: RunContext | undefined;
  #active = false;
  #stopListening: () => void = () => undefined;
  /** Set before there is a context to tell, too: a run may be stopped before it has made anything. */
  #stopMode: StopMode | undefined;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** The state of the current or last run; an empty one before the first. */
  get state(): RunState {
    return this.#log?.state ?? emptyRunState('');
  }

  /**
   * Runs all tasks; resolves when each has ended, or when the run has been stopped.
   *
   * @throws PwtError `PWT_JOURNAL_WRITE_FAILED` if nothing can be recorded any more (agents go on; `resume`
   * picks them up), `PWT_RUN_EXISTS`.
   */
  async start(request: StartRunRequest): Promise<RunSummary> {
    const { runId, target, base, options, settings = {}, diagnostics = [], findings = [] } = request;
    return this.#exclusively(async () => {
      await this.#options.launcher.check();
      await this.#checkUnused(runId);
      return this.#recorded(runId, [], async (log) => {
        await log.append({ type: 'run-started', target, base, options, settings });
        await recordPlan(log, request.tasks, request.claims);
        await log.append({ type: 'run-planned', order: request.order, diagnostics });
        for (const finding of findings) await log.append({ type: 'finding', finding });
        await this.#options.merger.open({ runId, target, start: base });
        const context = await this.#contextOf(log);
        await context.lookout?.begin(request.observed);
        return new RunLoop(context).run();
      });
    });
  }

  /**
   * Goes on with a run that was interrupted, crashed, or has tasks to retry. Agents that are still running
   * are taken over, not started again; tasks that were held are looked at again.
   *
   * @throws PwtError `PWT_RUN_UNKNOWN`, `PWT_JOURNAL_CORRUPT`, `PWT_JOURNAL_BEHIND`, `PWT_INTEGRATION_REF_MOVED`,
   * `PWT_TASK_UNKNOWN`, `PWT_TASK_NOT_RETRYABLE`, `PWT_WORKSPACE_KEPT`, `PWT_JOURNAL_WRITE_FAILED`.
   */
  async resume(request: ResumeRequest): Promise<RunSummary> {
    const { runId, retry = [], options } = request;
    return this.#exclusively(async () => {
      const history = await this.#history(runId);
      checkRetryable(reduceRun(history), retry);
      return this.#recorded(runId, history, async (log) => {
        const context = await this.#reopen(log, options);
        await takeUp(context, retry);
        await context.queue.run(() => tryLand(context));
        return new RunLoop(context).run();
      });
    });
  }

  /**
   * Moves the target to what a run has integrated, and starts nothing. For runs without landing, and for
   * landings that were refused.
   *
   * @throws PwtError `PWT_REPLAY_UNSUPPORTED`, `PWT_TARGET_NOT_FOUND` with `ontoRewritten`
   */
  async land({ runId, ontoRewritten = false }: LandRunRequest): Promise<RunSummary> {
    return this.#exclusively(async () => {
      const history = await this.#history(runId);
      const { status } = reduceRun(history);
      return this.#recorded(runId, history, async (log) => {
        const context = await this.#reopen(log, {}, { ontoRewritten });
        for (const taskId of replayedTasks(log.state)) await joinAgain(context, taskId);
        await land(context);
        await settleTarget(context);
        await removeAllLanded(context);
        await context.lookout?.look({ all: true });
        const summary = summarise(log.state);
        if (status === 'finished') {
          await closeRefs(context);
          await log.append({ type: 'run-finished', ...summary });
        } else {
          await log.append({ type: 'run-interrupted', reason: 'only landed what was integrated' });
        }
        return summary;
      });
    });
  }

  /**
   * Gives tasks of a run up, starts nothing, and leaves the rest of the run as it is; see `abandon`.
   *
   * @throws PwtError `PWT_RUN_UNKNOWN`, `PWT_TASK_UNKNOWN`, `PWT_TASK_INTEGRATED`, `PWT_WORKSPACE_KEPT`
   */
  async abandon(runId: string, taskIds: readonly string[]): Promise<RunSummary> {
    return this.#exclusively(async () => {
      const history = await this.#history(runId);
      const before = reduceRun(history);
      checkAbandonable(before, taskIds);
      return this.#recorded(runId, history, async (log) => {
        const context = await this.#reopen(log);
        await abandon(context, taskIds);
        const summary = summarise(log.state);
        const isOver = [...log.state.tasks.values()].every(({ outcome }) => outcome !== undefined);
        await log.append(
          isOver
            ? { type: 'run-finished', ...summary }
            : { type: 'run-interrupted', reason: 'only gave tasks up' },
        );
        return summary;
      });
    });
  }

  /**
   * Stops the current run; `now` after `drain` is heard, the other way round is not. Resolves when running
   * agents have been told; the run's own promise settles when everything has stopped.
   */
  async stop(mode: StopMode): Promise<void> {
    if (!this.#active || this.#stopMode === 'now') return;
    this.#stopMode = mode;
    const context = this.#context;
    if (!context) return;
    context.stopMode = mode;
    context.wakeUp.notify();
    if (mode !== 'now') return;
    context.stopped.abort();
    await Promise.all([...context.agents.values()].map(({ run }) => run.stop()));
  }

  async #exclusively(body: () => Promise<RunSummary>): Promise<RunSummary> {
    if (this.#active) {
      throw new PwtError('PWT_RUN_LOCKED', `This coordinator is busy with run ${this.state.runId}.`, {
        hint: 'Wait until it ends, or stop it.',
      });
    }
    this.#active = true;
    this.#stopMode = undefined;
    this.#context = undefined;
    try {
      return await body();
    } finally {
      this.#active = false;
      this.#stopListening();
    }
  }

  /** Opens a recorded run again and brings the log up to date with the repository. */
  async #reopen(
    log: RunLog,
    options: Partial<RunOptions> = {},
    { ontoRewritten = false }: { readonly ontoRewritten?: boolean } = {},
  ): Promise<RunContext> {
    const { runId, state } = log;
    await log.append({
      type: 'run-resumed',
      options: { ...defaultRunOptions, ...state.options, ...options },
    });
    const context = await this.#contextOf(log);
    const start = state.integration ?? baseOf(state);
    const { tip } = await this.#options.merger.open({ runId, target: context.target, start });
    await reconcile(context, tip);
    await context.lookout?.resume();
    if (ontoRewritten) await startOnRewritten(context);
    await restoreScheduler(context);
    return context;
  }

  /** Whatever goes wrong is the last thing in the log, as far as the log can still be written. */
  async #recorded(
    runId: string,
    history: readonly RunEvent[],
    body: (log: RunLog) => Promise<RunSummary>,
  ): Promise<RunSummary> {
    const { journals, sinks = [], sinkPatienceMs = 10_000 } = this.#options;
    const journal = await journals.open(runId);
    const log = new RunLog({ runId, journal, sinks, sinkPatienceMs, clock: this.#clock, history });
    this.#log = log;
    try {
      return await body(log);
    } catch (error) {
      if (!hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) {
        await log.append({ type: 'run-interrupted', reason: reasonOf(error) });
      }
      throw error;
    } finally {
      await log.close();
    }
  }

  async #history(runId: string): Promise<readonly RunEvent[]> {
    const history = await this.#options.journals.read(runId);
    if (history.some((event) => event.type === 'run-planned')) {
      await requireUpToDate(join(this.#options.runsDir, runId), reduceRun(history));
      return history;
    }
    throw new PwtError('PWT_RUN_UNKNOWN', `Run ${runId} ended before it began: there is nothing to resume.`, {
      hint: 'Start a new one with `pwt run`.',
    });
  }

  async #checkUnused(runId: string): Promise<void> {
    try {
      await this.#options.journals.read(runId);
    } catch (error) {
      if (hasCode(error, 'PWT_RUN_UNKNOWN')) return;
      throw error;
    }
    throw new PwtError('PWT_RUN_EXISTS', `There is a run ${runId} already.`, {
      hint: `Go on with it: pwt resume ${runId}`,
    });
  }

  async #contextOf(log: RunLog): Promise<RunContext> {
    const { runsDir } = this.#options;
    const risk = await this.#riskOf(log.state);
    this.#context = createContext({
      log,
      runsDir,
      parts: this.#options,
      clock: this.#clock,
      stopMode: this.#stopMode,
      ...(risk ? { risk } : {}),
    });
    this.#listen(this.#context);
    return this.#context;
  }

  #listen(context: RunContext): void {
    const stop = this.#options.recoveries?.((finding) => {
      // If it can't be recorded, neither can the next event, and that one stops the run.
      report(context, finding).catch(() => undefined);
    });
    this.#stopListening = stop ?? (() => undefined);
  }

  /** Only `balanced` looks at it. */
  async #riskOf(state: RunState): Promise<RiskEstimate | undefined> {
    const { separation } = state.options ?? defaultRunOptions;
    if (separation !== 'balanced') return undefined;
    const states = [...state.tasks.values()];
    return this.#options.riskOf?.({
      tasks: states.map(({ task }) => task),
      claims: states.map(({ task, claims, unknownScope }) => ({ taskId: task.id, claims, unknownScope })),
      base: baseOf(state),
    });
  }
}

async function recordPlan(log: RunLog, tasks: readonly Task[], claims: readonly TaskClaims[]): Promise<void> {
  const byTask = new Map(claims.map((entry) => [entry.taskId, entry]));
  const appended = tasks.map((task) => {
    const found = byTask.get(task.id) ?? { taskId: task.id, claims: [], unknownScope: false };
    return log.append({ type: 'task-planned', taskId: task.id, task, claims: found });
  });
  await Promise.all(appended);
}

function baseOf(state: RunState): CommitId {
  if (state.base === undefined) throw new Error('a run without a base');
  return state.base;
}
