import { join } from 'node:path';
import {
  type CommitId,
  type Diagnostic,
  defaultRunOptions,
  type EventSink,
  emptyRunState,
  hasCode,
  holdsClaims,
  type JournalStore,
  PwtError,
  type RunEvent,
  type RunOptions,
  type RunState,
  type RunSummary,
  summarise,
  type Task,
  type TaskClaims,
} from '@pwt/core';
import { type Clock, systemClock } from './clock.js';
import { removeLanded } from './pipeline/clean-up.js';
import { reasonOf, skip } from './pipeline/finish.js';
import { land } from './pipeline/land.js';
import { reconcile } from './recover.js';
import { heldTasks, reopen, requeue, retryTasks, stoppedTasks } from './requeue.js';
import type { CoordinatorParts, RunContext, StopMode } from './run-context.js';
import { RunLog } from './run-log.js';
import { RunLoop } from './run-loop.js';
import { schedulableTasks } from './schedule/plan-schedule.js';
import { Scheduler } from './schedule/scheduler.js';
import { SerialQueue } from './serial-queue.js';

export interface CoordinatorOptions extends CoordinatorParts {
  readonly journals: JournalStore;
  readonly sinks?: readonly EventSink[];
  /** Where runs keep their files: `<runsDir>/<runId>/…`. Absolute. */
  readonly runsDir: string;
  /** @default the system's clock */
  readonly clock?: Clock;
}

export interface StartRunRequest {
  readonly runId: string;
  readonly tasks: readonly Task[];
  /** One entry per task. */
  readonly claims: readonly TaskClaims[];
  /** All ids, most preferred first; see `planSchedule`. */
  readonly order: readonly string[];
  readonly diagnostics?: readonly Diagnostic[];
  /** Branch name without `refs/heads/`. */
  readonly target: string;
  /** The target's tip: the first tasks start from it. */
  readonly base: CommitId;
  readonly options: RunOptions;
  /** Whatever the composition root needs to compose the run again; kept as it is. */
  readonly settings?: Readonly<Record<string, unknown>>;
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
  #context: RunContext | undefined;
  #loop: RunLoop | undefined;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** The state of the current or last run; an empty one before the first. */
  get state(): RunState {
    return this.#context?.log.state ?? emptyRunState('');
  }

  /**
   * Runs all tasks; resolves when each has ended, or when the run has been stopped.
   *
   * @throws PwtError `PWT_JOURNAL_WRITE_FAILED` if nothing can be recorded any more. Agents go on; `resume`
   * picks them up.
   */
  async start(request: StartRunRequest): Promise<RunSummary> {
    const { runId, target, base, options, settings = {}, diagnostics = [] } = request;
    await this.#options.launcher.check();
    const log = await this.#openLog(runId, []);
    return this.#recorded(log, async () => {
      await log.append({ type: 'run-started', target, base, options, settings });
      await recordPlan(log, request.tasks, request.claims);
      await log.append({ type: 'run-planned', order: request.order, diagnostics });
      await this.#options.merger.open({ runId, target, start: base });
      return this.#drive(this.#contextOf(log));
    });
  }

  /**
   * Goes on with a run that was interrupted, crashed, or has tasks to retry. Agents that are still running
   * are taken over, not started again; tasks that were held are looked at again.
   *
   * @throws PwtError `PWT_RUN_UNKNOWN`, `PWT_JOURNAL_CORRUPT`, `PWT_INTEGRATION_REF_MOVED`,
   * `PWT_TASK_UNKNOWN`, `PWT_TASK_NOT_RETRYABLE`.
   */
  async resume(request: ResumeRequest): Promise<RunSummary> {
    const { runId, retry = [], options } = request;
    const log = await this.#openLog(runId, await this.#history(runId));
    const retried = retryTasks(log.state, retry);
    return this.#recorded(log, async () => {
      const context = await this.#reopen(log, options);
      for (const taskId of stoppedTasks(log.state))
        await requeue(context, taskId, 'it was stopped with its run');
      for (const taskId of heldTasks(log.state)) if (!retried.includes(taskId)) await reopen(context, taskId);
      for (const taskId of retried) await requeue(context, taskId, 'retried by the user');
      await context.queue.run(() => land(context));
      return this.#drive(context);
    });
  }

  /**
   * Moves the target to what a run has integrated, and starts nothing. For runs without landing, and for
   * landings that were refused.
   */
  async land(runId: string): Promise<RunSummary> {
    const log = await this.#openLog(runId, await this.#history(runId));
    const { status } = log.state;
    return this.#recorded(log, async () => {
      const context = await this.#reopen(log, { autoMerge: true });
      context.stopMode = 'drain';
      await land(context);
      await removeLanded(context);
      const summary = summarise(log.state);
      if (status === 'finished') await log.append({ type: 'run-finished', ...summary });
      else await log.append({ type: 'run-interrupted', reason: 'only landed what was integrated' });
      return summary;
    });
  }

  /** Stops the current run. Resolves at once; the run's own promise settles when everything has stopped. */
  async stop(mode: StopMode): Promise<void> {
    const context = this.#context;
    if (!context) return;
    context.stopMode = mode;
    this.#loop?.notify();
    if (mode !== 'now') return;
    context.stopped.abort();
    await Promise.all([...context.agents.values()].map((run) => run.stop()));
  }

  async #drive(context: RunContext): Promise<RunSummary> {
    this.#loop = new RunLoop(context);
    return this.#loop.run();
  }

  /** Opens a recorded run again and brings the log up to date with the repository. */
  async #reopen(log: RunLog, options: Partial<RunOptions> = {}): Promise<RunContext> {
    const { runId, state } = log;
    await log.append({
      type: 'run-resumed',
      options: { ...defaultRunOptions, ...state.options, ...options },
    });
    const context = this.#contextOf(log);
    const start = state.integration ?? baseOf(state);
    const { tip } = await this.#options.merger.open({ runId, target: context.target, start });
    await reconcile(context, tip);
    await restoreScheduler(context);
    return context;
  }

  /** Whatever goes wrong is the last thing in the log, as far as the log can still be written. */
  async #recorded(log: RunLog, body: () => Promise<RunSummary>): Promise<RunSummary> {
    try {
      return await body();
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
    if (history[0]?.type === 'run-started') return history;
    throw new PwtError('PWT_RUN_UNKNOWN', `Run ${runId} ended before it began: there is nothing to resume.`, {
      hint: 'Start a new one with `pwt run`.',
    });
  }

  async #openLog(runId: string, history: readonly RunEvent[]): Promise<RunLog> {
    const { journals, sinks = [] } = this.#options;
    return new RunLog({ runId, journal: await journals.open(runId), sinks, clock: this.#clock, history });
  }

  #contextOf(log: RunLog): RunContext {
    const { runsDir } = this.#options;
    const { state, runId } = log;
    if (state.target === undefined) throw new Error('a run without a target');
    const options = state.options ?? defaultRunOptions;
    const tasks = [...state.tasks.values()];
    const scheduler = new Scheduler({
      tasks: schedulableTasks(
        tasks.map((task) => task.task),
        tasks.map((task) => ({ taskId: task.task.id, claims: task.claims, unknownScope: task.unknownScope })),
      ),
      order: state.order,
      separation: options.separation,
      maxInstances: options.maxInstances,
    });
    this.#context = {
      runId,
      parts: this.#options,
      options,
      target: state.target,
      log,
      scheduler,
      clock: this.#clock,
      runDir: join(runsDir, runId),
      queue: new SerialQueue(),
      cleanUps: new SerialQueue(),
      agents: new Map(),
      stopMode: undefined,
      stopped: new AbortController(),
    };
    return this.#context;
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

/** Tells a new scheduler what the log knows: who holds claims, what is in, what has failed. */
async function restoreScheduler(context: RunContext): Promise<void> {
  const { log, scheduler } = context;
  for (const task of [...log.state.tasks.values()]) {
    const { id } = task.task;
    if (task.integratedAs !== undefined) {
      scheduler.dispatched(id);
      scheduler.integrated(id);
    } else if (holdsClaims(task)) {
      scheduler.dispatched(id);
    } else if (task.outcome !== undefined) {
      const skipped = scheduler.rejected(id).filter((next) => log.task(next).outcome === undefined);
      await skip(context, skipped, `needs task ${id}, which ended as ${task.outcome}`);
    }
  }
}

function baseOf(state: RunState): CommitId {
  if (state.base === undefined) throw new Error('a run without a base');
  return state.base;
}
