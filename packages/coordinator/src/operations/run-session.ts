import {
  type AgentUsage,
  emptyRunState,
  hasCode,
  type RunEvent,
  type RunOptions,
  type RunState,
  type StartedRun,
  sumOfUsage,
  systemClock,
} from '@pwt/core';
import type { RiskEstimate } from '@pwt/planner/schedule';
import { startOfDay, usedByOthers, usedSince } from '../budget/day-use.js';
import type { CoordinatorOptions } from '../coordinator-options.js';
import type { Experience } from '../experience/experience.js';
import { LessonsSink } from '../experience/lessons-sink.js';
import { Landing } from '../landing/landing.js';
import { startOnRewritten } from '../landing/rewritten.js';
import { reasonOf } from '../reason-of.js';
import { reconcile } from '../resume/recover.js';
import { skipStranded } from '../resume/requeue.js';
import { startAgain } from '../review/land-chosen.js';
import { recordFinding } from '../run/findings.js';
import type { RunContext } from '../run/run-context.js';
import { RunLog } from '../run/run-log.js';
import { type StopMode, StopSignal } from '../run/stop-signal.js';
import { createContext } from './create-context.js';

/** A run that is open: what its steps share, and its landing. */
export interface OpenRun {
  readonly context: RunContext;
  readonly landing: Landing;
}

export interface ReopenOptions {
  readonly ontoRewritten?: boolean;
  /** No task goes on with another attempt: what ends badly is rejected. @default false */
  readonly isFinal?: boolean;
  /** The agents that tasks may start with. @default all that the launcher has */
  readonly usableAgents?: readonly string[] | undefined;
}

/** One operation of a coordinator on one run, from the log that it writes to the agents that it watches. */
export class RunSession {
  readonly options: CoordinatorOptions;
  /** Exists before the run does: a run can be stopped while it is still being opened. */
  readonly #stop = new StopSignal();
  #log: RunLog | undefined;
  /** The events that the log had when it was opened. */
  #history: readonly RunEvent[] = [];
  #context: RunContext | undefined;
  #stopListening: () => void = () => undefined;

  constructor(options: CoordinatorOptions) {
    this.options = options;
  }

  get state(): RunState {
    return this.#log?.state ?? emptyRunState('');
  }

  /** Resolves when running agents have been told to stop. */
  async stop(mode: StopMode): Promise<void> {
    if (this.#stop.mode === 'now') return;
    this.#stop.request(mode);
    if (mode === 'now') await this.#context?.agents.stopAll();
  }

  close(): void {
    this.#stopListening();
  }

  /**
   * Opens the log of a run, runs `body` with it, and closes it. If `body` fails, the failure is the last event, if the log
   * can still be written.
   *
   * @param history the events that the log already has
   */
  async record<T>(
    runId: string,
    history: readonly RunEvent[],
    body: (log: RunLog) => Promise<T>,
  ): Promise<T> {
    const { journals, sinks = [], sinkPatienceMs = 10_000, clock = systemClock } = this.options;
    this.#history = history;
    const journal = await journals.open(runId);
    const lessons = this.#lessons(history);
    const log = new RunLog({
      ...{ runId, journal, sinkPatienceMs, clock, history },
      sinks: [...sinks, ...lessons],
    });
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

  /** The sink that keeps what this run takes for later ones. */
  #lessons(history: readonly RunEvent[]): LessonsSink[] {
    const { experience: store, gate } = this.options;
    if (store === undefined) return [];
    return [new LessonsSink({ store, gate, history, state: () => this.state })];
  }

  /** Makes everything that the steps of a planned run share. */
  async open(
    log: RunLog,
    { isFinal = false, usableAgents }: Pick<ReopenOptions, 'isFinal' | 'usableAgents'> = {},
  ): Promise<OpenRun> {
    const { runsDir, clock = systemClock, recoveries } = this.options;
    const [risk, experience, usedToday] = await Promise.all([
      this.#riskOf(log.run),
      this.#experience(),
      this.#usedToday(log.run, clock.now()),
    ]);
    const inbox = this.options.inbox?.(log.runId);
    const shared = { log, parts: this.options, clock, stop: this.#stop, inbox, usableAgents, usedToday };
    const context = createContext({ ...shared, runsDir, risk, experience, isFinal });
    this.#context = context;
    const stopListening = recoveries?.((finding) => {
      // If this can't be recorded, the next event can't be either, and that stops the run.
      recordFinding(context, finding).catch(() => undefined);
    });
    if (stopListening) this.#stopListening = stopListening;
    return { context, landing: new Landing(context) };
  }

  /** Opens a recorded run, and brings its log up to date with the repository. */
  async reopen(
    log: RunLog,
    options: Partial<RunOptions> = {},
    { ontoRewritten = false, isFinal = false, usableAgents }: ReopenOptions = {},
  ): Promise<OpenRun> {
    const { runId } = log;
    await log.append({
      type: 'run-resumed',
      options: { ...this.options.fallbackOptions, ...log.run.options, ...options },
    });
    const run = await this.open(log, { isFinal, usableAgents });
    const { context } = run;
    const { target, integration: start } = log.run;
    const { tip } = await this.options.merger.open({ runId, target, start });
    await reconcile(context, tip);
    await context.ready.recall();
    await context.lookout?.resume();
    await startAgain(context);
    if (ontoRewritten) await startOnRewritten(context);
    await skipStranded(context);
    return run;
  }

  /** Only the landing queue uses it. */
  async #experience(): Promise<Experience | undefined> {
    return this.options.experience?.recall();
  }

  /** Only a cap on the use of a day needs it. */
  async #usedToday({ runId, options }: StartedRun, now: number): Promise<AgentUsage> {
    if (options.budget?.day === undefined) return {};
    const since = startOfDay(now);
    const others = await usedByOthers(this.options.journals, { except: runId, since });
    return sumOfUsage([others, usedSince(this.#history, since)]);
  }

  /** Only the `balanced` policy uses it. */
  async #riskOf({ base, options, tasks }: StartedRun): Promise<RiskEstimate | undefined> {
    if (options.separation !== 'balanced') return undefined;
    const states = [...tasks.values()];
    return this.options.riskOf?.({
      tasks: states.map(({ task }) => task),
      claims: states.map(({ task, claims, unknownScope }) => ({ taskId: task.id, claims, unknownScope })),
      base,
    });
  }
}
