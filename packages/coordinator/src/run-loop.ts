import { hasCode, holdsClaims, type ResourceSample, type RunSummary, summarise } from '@pwt/core';
import { Admission } from './admission.js';
import { dispatchAll, endStuckTasks } from './dispatch.js';
import { removeLanded, removeScratch, tidyUp } from './pipeline/clean-up.js';
import { reasonOf } from './pipeline/finish.js';
import { land } from './pipeline/land.js';
import { runTask } from './pipeline/run-task.js';
import type { RunContext } from './run-context.js';
import { WakeUp } from './wake-up.js';

/** How often the machine's load goes into the log. */
const SAMPLE_LOG_INTERVAL_MS = 5000;

/**
 * Drives a run from wherever its log says it is to its end. Sleeps until something happens: a task moves
 * on, admission changes, or the run is told to stop.
 */
export class RunLoop {
  readonly #context: RunContext;
  readonly #wakeUp = new WakeUp();
  readonly #inFlight = new Set<string>();
  readonly #admission: Admission;
  #fatal: unknown;
  #sampledAt = Number.NEGATIVE_INFINITY;

  constructor(context: RunContext) {
    this.#context = context;
    this.#admission = new Admission({
      monitor: context.parts.resources,
      limits: context.options,
      clock: context.clock,
      onSample: (sample) => this.#sampled(sample),
      onChange: (paused) => this.#admissionChanged(paused),
      onError: (error) => this.#note(`The machine's load can't be measured: ${reasonOf(error)}`),
    });
  }

  /** Something outside the loop changed: look again. */
  notify(): void {
    this.#wakeUp.notify();
  }

  async run(): Promise<RunSummary> {
    this.#admission.start();
    try {
      this.#continueTasks();
      await this.#drive();
      return await this.#end();
    } finally {
      this.#admission.stop();
    }
  }

  async #drive(): Promise<void> {
    const { scheduler } = this.#context;
    for (;;) {
      if (this.#fatal !== undefined) throw this.#fatal;
      await dispatchAll(this.#context, this.#admission, this.#inFlight, (taskId) => this.#begin(taskId));
      if (this.#inFlight.size === 0) {
        if (this.#context.stopMode !== undefined || scheduler.waitingCount === 0) return;
        await endStuckTasks(this.#context);
        continue;
      }
      await this.#wakeUp.wait();
    }
  }

  /** Tasks that were under way when the log was last written go on from there. */
  #continueTasks(): void {
    for (const task of this.#context.log.state.tasks.values())
      if (holdsClaims(task)) this.#begin(task.task.id);
  }

  #begin(taskId: string): void {
    this.#inFlight.add(taskId);
    runTask(this.#context, taskId)
      .catch((error: unknown) => {
        this.#fatal ??= error;
      })
      .finally(() => {
        this.#inFlight.delete(taskId);
        this.#wakeUp.notify();
      });
  }

  async #end(): Promise<RunSummary> {
    const context = this.#context;
    const { log, options, parts, runId } = context;
    await context.queue.run(() => land(context));
    await tidyUp(context, () => context.cleanUps.run(() => removeLanded(context)));
    await tidyUp(context, () => removeScratch(context));
    const summary = summarise(log.state);
    if (
      context.stopMode !== undefined &&
      [...log.state.tasks.values()].some((task) => task.outcome === undefined)
    ) {
      await log.append({ type: 'run-interrupted', reason: 'stopped by the user' });
      return summary;
    }
    const { landedTip, integration } = log.state;
    if (options.autoMerge && landedTip !== undefined && landedTip === integration) {
      await parts.merger.close({ runId, landed: landedTip });
    }
    await log.append({ type: 'run-finished', ...summary });
    return summary;
  }

  #sampled(sample: ResourceSample): void {
    const now = this.#context.clock.now();
    if (now - this.#sampledAt < SAMPLE_LOG_INTERVAL_MS) return;
    this.#sampledAt = now;
    this.#record(this.#context.log.append({ type: 'resources-sampled', sample }));
  }

  #admissionChanged(paused: string | undefined): void {
    const { log } = this.#context;
    this.#record(
      paused === undefined
        ? log.append({ type: 'admission-resumed' })
        : log.append({ type: 'admission-paused', reason: paused }),
    );
    this.#wakeUp.notify();
  }

  #note(message: string): void {
    const diagnostic = { code: 'PWT_RESOURCES_UNKNOWN', severity: 'warning', message } as const;
    this.#record(this.#context.log.append({ type: 'warning', diagnostic }));
  }

  /** Nobody waits for these appends, but if the log can't be written the run must stop. */
  #record(appended: Promise<void>): void {
    appended.catch((error: unknown) => {
      if (!hasCode(error, 'PWT_JOURNAL_WRITE_FAILED')) throw error;
      this.#fatal ??= error;
      this.#wakeUp.notify();
    });
  }
}
