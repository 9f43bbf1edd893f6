import {
  Admission,
  holdsClaims,
  openQuestion,
  type ResourceSample,
  type RunEventPayloads,
  type RunSummary,
  summarise,
  type TaskPhase,
  type TaskState,
} from '@pwt/core';
import { checkSample } from '../contract-check.js';
import type { Landing } from '../landing/landing.js';
import { closeProvider, removeScratch, tidyUp } from '../pipeline/clean-up.js';
import { releasable } from '../pipeline/withhold.js';
import { reasonOf } from '../reason-of.js';
import { keepAlive } from '../run/keep-alive.js';
import type { RunContext } from '../run/run-context.js';
import { WakeUp } from '../run/wake-up.js';
import { dispatchAll, endStuckTasks } from './dispatch.js';
import { type Hold, haltOf, isWorthWaiting } from './hold.js';
import { type Lanes, lanesOf } from './lanes.js';
import { Messages } from './messages.js';
import { Requests } from './requests.js';
import { runTask } from './run-task.js';
import { SampleLog } from './sample-log.js';
import { TaskRuns } from './task-runs.js';
import { tellTimes } from './tell-times.js';

/** How often it is looked whether a pause is over. */
const LOOK_AGAIN_MS = 60_000;

/**
 * Drives a run from the state of its log to its end. Sleeps until something happens: a task changes its phase, admission
 * changes, or the run is told to stop.
 */
export class RunLoop {
  readonly #context: RunContext;
  readonly #landing: Landing;
  readonly #lanes: Lanes;
  /** Sleeps until a slot or claims may have become free. */
  readonly #wakeUp = new WakeUp();
  readonly #runs = new TaskRuns();
  /** Tasks that were dispatched and could not start: their agent was paused meanwhile, or a cap was reached. */
  readonly #setAside = new Set<string>();
  /** Why the run stops by itself with tasks left. */
  #halt: Hold | undefined;
  readonly #admission: Admission;
  readonly #messages: Messages;
  readonly #requests: Requests;
  #fatal: unknown;
  readonly #samples: SampleLog;

  constructor(context: RunContext, landing: Landing) {
    this.#context = context;
    this.#landing = landing;
    this.#samples = new SampleLog(context.clock);
    this.#admission = new Admission({
      sample: async () => {
        const { resources } = context.parts;
        return checkSample(resources.name, await resources.sample());
      },
      limits: context.options,
      clock: context.clock,
      onSample: (sample) => this.#sampled(sample),
      onChange: (paused) => this.#admissionChanged(paused),
      onError: (error) => this.#note(`The machine's load can't be measured: ${reasonOf(error)}`),
    });
    this.#lanes = lanesOf(context, landing, this.#admission);
    this.#requests = new Requests(context, landing, {
      begin: (taskId) => this.#begin(taskId),
      onDone: () => this.#wakeUp.notify(),
      onError: (error) => this.#fail(error),
    });
    this.#messages = new Messages(context, context.inbox, {
      takeBack: (taskId) => this.#setAside.delete(taskId),
      onTaken: () => this.#wakeUp.notify(),
      onError: (error) => this.#fail(error),
    });
  }

  async run(): Promise<RunSummary> {
    this.#admission.start();
    this.#context.lookout?.watch((error) => this.#fail(error));
    this.#context.radar?.watch((error) => this.#fail(error));
    this.#context.breaker.onFree(() => this.#wakeUp.notify());
    const endListening = this.#context.stop.onRequest(() => this.#stopRequested());
    this.#stopRequested();
    try {
      tellTimes(this.#context);
      this.#checkBase();
      this.#continueTasks();
      await this.#messages.start();
      await this.#drive();
      return await this.#end();
    } finally {
      endListening();
      await this.#messages.stop();
      await this.#requests.idle();
      this.#lanes.joining?.stop();
      this.#admission.stop();
      this.#context.lookout?.stop();
      await this.#context.radar?.stop();
      await this.#context.ready.stop();
    }
  }

  async #drive(): Promise<void> {
    for (;;) {
      if (this.#fatal !== undefined) throw this.#fatal;
      this.#requests.start();
      this.#releaseWithheld();
      const begin = (taskId: string, recorded: Promise<void>) => this.#begin(taskId, recorded);
      const hold = dispatchAll(this.#context, this.#admission, this.#runs, this.#setAside, begin);
      if (this.#isIdle) {
        if (this.#isOver) {
          // What was said last counts, too.
          await this.#messages.takeLast();
          this.#requests.start();
          if (this.#isIdle && this.#isOver) return;
          await this.#messages.start();
          continue;
        }
        const isHeld = hold !== undefined && this.#hasStartable;
        if (isHeld && !isWorthWaiting(this.#context, hold)) {
          this.#halt = hold;
          return;
        }
        if (!isHeld && !this.#isAsking) {
          await endStuckTasks(this.#context);
          continue;
        }
      }
      this.#context.ready.update(() => (hold === undefined ? this.#upcoming() : []));
      await this.#sleep();
    }
  }

  /** A request may be repeated. */
  #stopRequested(): void {
    const { stop, log } = this.#context;
    const { status, stopping } = log.state;
    if (stop.mode === undefined || status !== 'running' || stopping === stop.mode) return;
    this.#record(log.append({ type: 'stop-requested', mode: stop.mode }));
    this.#wakeUp.notify();
  }

  get #isIdle(): boolean {
    return this.#runs.isIdle && this.#requests.isIdle;
  }

  /** Nothing is left to do, or the run is to stop. */
  get #isOver(): boolean {
    const { stop, scheduler } = this.#context;
    return stop.mode !== undefined || (scheduler.waitingCount === 0 && this.#setAside.size === 0);
  }

  /** Some task could start, were it not for what keeps all of them. */
  get #hasStartable(): boolean {
    return this.#setAside.size > 0 || this.#context.scheduler.next() !== undefined;
  }

  /** Until something happens, or an agent may be tried again. What a person says comes from outside. */
  async #sleep(): Promise<void> {
    const { clock, breaker } = this.#context;
    const { msToNextTry } = breaker;
    const isAlone = this.#runs.isIdle && this.#isAsking;
    if (msToNextTry === undefined) return isAlone ? keepAlive(this.#wakeUp.wait()) : this.#wakeUp.wait();
    // A long timer ends late where the machine was asleep.
    const cancel = clock.after(Math.min(msToNextTry, LOOK_AGAIN_MS), () => this.#wakeUp.notify());
    try {
      await keepAlive(this.#wakeUp.wait());
    } finally {
      cancel();
    }
  }

  /** A waiting task waits for a person. */
  get #isAsking(): boolean {
    return [...this.#context.log.state.tasks.values()].some((task) => openQuestion(task) !== undefined);
  }

  /** The tasks that start next; none where nothing may start. */
  #upcoming(): readonly string[] {
    const { stop, scheduler, options } = this.#context;
    const mayStart = stop.mode === undefined && this.#admission.paused === undefined;
    return mayStart ? scheduler.upcoming(options.maxInstances) : [];
  }

  /** Continues the tasks that hold claims: first those that were already in the queue, in their old order. */
  #continueTasks(): void {
    const underWay = [...this.#context.log.state.tasks.values()].filter(holdsClaims).sort(byPlaceInQueue);
    for (const task of underWay) this.#begin(task.task.id);
  }

  /** Finished work that was held until what it builds on is integrated again goes on. */
  #releaseWithheld(): void {
    if (this.#context.stop.mode !== undefined) return;
    for (const taskId of releasable(this.#context)) {
      const reason = 'what it builds on is integrated again';
      this.#begin(taskId, this.#context.log.append({ type: 'task-reopened', taskId, reason }));
    }
  }

  /** Where nothing is left to test, the base is not tested either. */
  #checkBase(): void {
    const tasks = [...this.#context.log.state.tasks.values()];
    if (tasks.some(({ outcome }) => outcome === undefined)) this.#lanes.joining?.checkBase();
  }

  /** @param recorded settles when the phase that the task is in is durable */
  #begin(taskId: string, recorded: Promise<void> = Promise.resolve()): Promise<void> {
    const notify = () => this.#wakeUp.notify();
    recorded.catch(() => undefined);
    return this.#runs
      .begin(taskId, async () => {
        await recorded;
        await runTask(this.#context, this.#lanes, taskId, notify);
      })
      .then(
        () => {
          if (this.#isSetAside(taskId)) this.#setAside.add(taskId);
          notify();
        },
        (error: unknown) => this.#fail(error),
      );
  }

  #isSetAside(taskId: string): boolean {
    // A task that goes on can be dispatched again while its earlier attempt is still ending.
    if (this.#context.stop.mode !== undefined || this.#runs.has(taskId)) return false;
    const { phase } = this.#context.log.task(taskId);
    return phase === 'dispatched' || phase === 'prepared';
  }

  async #end(): Promise<RunSummary> {
    const context = this.#context;
    const { log } = context;
    await context.ready.stop();
    await this.#lanes.joining?.close();
    await this.#landing.try();
    await this.#landing.settle();
    await this.#landing.workspaces.removeAll();
    await tidyUp(context, () => removeScratch(context));
    // Nothing is measured from here on: the end of a run is its last event.
    this.#admission.stop();
    this.#context.lookout?.stop();
    await this.#context.radar?.stop();
    const tasks = [...log.state.tasks.values()];
    const stopped = this.#whyStopped();
    const isInterrupted = stopped !== undefined && tasks.some(({ outcome }) => outcome === undefined);
    // What is deleted is the run's own, and no part of what is observed.
    await Promise.all([
      context.lookout?.look({ all: true }),
      closeProvider(context, { isOver: !isInterrupted }),
    ]);
    const summary = summarise(log.state);
    if (isInterrupted) {
      await log.append({ type: 'run-interrupted', ...stopped });
      return summary;
    }
    await log.append({ type: 'run-finished', ...summary });
    return summary;
  }

  #whyStopped(): RunEventPayloads['run-interrupted'] | undefined {
    if (this.#context.stop.mode !== undefined) return { reason: 'stopped by the user' };
    return this.#halt && haltOf(this.#halt);
  }

  #sampled(sample: ResourceSample): void {
    this.#lanes.joining?.machineSampled();
    const taken = this.#samples.take(sample);
    if (taken === undefined) return;
    this.#record(this.#context.log.append({ type: 'resources-sampled', sample: taken }));
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

  /** The loop does not wait for these appends, but if the log can't be written the run must stop. */
  #record(appended: Promise<void>): void {
    appended.catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    this.#fatal ??= error;
    this.#wakeUp.notify();
  }
}

/** The phases in which a task is in the joining queue, first in the queue first. */
const queued: readonly TaskPhase[] = ['audited', 'collected'];

function byPlaceInQueue(a: TaskState, b: TaskState): number {
  const place = ({ phase }: TaskState) => (queued.includes(phase) ? queued.indexOf(phase) : queued.length);
  return place(a) - place(b) || (a.exitedAt ?? 0) - (b.exitedAt ?? 0);
}
