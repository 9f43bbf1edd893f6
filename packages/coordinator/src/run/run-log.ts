import type { Clock } from '@pwt/core';
import {
  applyEvent,
  EVENT_VERSION,
  type EventSink,
  emptyRunState,
  hasCode,
  type Journal,
  type NewRunEvent,
  PwtError,
  type RunEvent,
  type RunState,
  type StartedRun,
  type TaskState,
} from '@pwt/core';

export interface RunLogOptions {
  readonly runId: string;
  readonly journal: Journal;
  readonly sinks: readonly EventSink[];
  readonly clock: Clock;
  /** How long sinks may take after the last event. */
  readonly sinkPatienceMs: number;
  /** Events that the journal already holds. */
  readonly history?: readonly RunEvent[];
}

/** What is derived from the log besides its state. */
export interface LogFollower {
  apply(event: RunEvent): void;
}

/**
 * Makes every event of a run: numbers it, applies it to the state, writes it to the journal, and then passes it to the
 * sinks.
 */
export class RunLog {
  readonly runId: string;
  readonly #journal: Journal;
  /** The work that each sink still has. Sinks do not wait for each other. */
  readonly #sinks: Map<EventSink, Promise<void>>;
  readonly #clock: Clock;
  readonly #sinkPatienceMs: number;
  readonly #failedSinks = new Set<EventSink>();
  /** Events that are on their way into the journal, and from there to the sinks. */
  readonly #underWay = new Set<Promise<void>>();
  #state: RunState;
  /** The events so far, until the follower has them. */
  #past: RunEvent[] = [];
  #follower: LogFollower | undefined;

  constructor(options: RunLogOptions) {
    this.runId = options.runId;
    this.#journal = options.journal;
    this.#sinks = new Map(options.sinks.map((sink) => [sink, Promise.resolve()]));
    this.#clock = options.clock;
    this.#sinkPatienceMs = options.sinkPatienceMs;
    this.#state = emptyRunState(options.runId);
    for (const event of options.history ?? []) this.#apply(event);
  }

  get state(): RunState {
    return this.#state;
  }

  /** The state of a run that has started. */
  get run(): StartedRun {
    if (this.#state.status === 'empty') throw new Error(`run ${this.runId} has not started`);
    return this.#state;
  }

  /** The state of a planned task. */
  task(taskId: string): TaskState {
    const task = this.#state.tasks.get(taskId);
    if (!task) throw new Error(`task ${taskId} is not part of run ${this.runId}`);
    return task;
  }

  /**
   * Appends an event; resolves when it is durable. The state has it at once, in the order of the calls,
   * so code that runs before the event is durable already sees it.
   *
   * @throws PwtError `PWT_JOURNAL_WRITE_FAILED`; the run must then stop, because nothing can be recorded.
   */
  async append(event: NewRunEvent): Promise<void> {
    await this.#write(event);
  }

  /**
   * Appends a fact that the next event may become durable with: nothing that follows waits for it alone. If it can't be
   * written, neither can the next event, whose `append` tells so.
   */
  note(event: NewRunEvent): void {
    this.#write(event).catch(() => undefined);
  }

  #write(event: NewRunEvent): Promise<void> {
    const full = {
      v: EVENT_VERSION,
      seq: this.#state.seq + 1,
      at: this.#clock.now(),
      runId: this.runId,
      ...event,
    } as RunEvent;
    // An event that can't be written at all (thrown, not rejected) takes no number and changes nothing.
    const written = this.#journal.append(full);
    this.#apply(full);
    const shown = written.then(() => this.#deliver(full), rethrowAsWriteFailure);
    this.#underWay.add(shown);
    return shown.finally(() => this.#underWay.delete(shown));
  }

  /**
   * Keeps a follower up to date. `begin` makes it from the events so far; each further event is applied to it at once and in
   * order, as to the state. There can be one follower.
   */
  follow<F extends LogFollower>(begin: (past: readonly RunEvent[]) => F): F {
    const follower = begin(this.#past);
    this.#follower = follower;
    this.#past = [];
    return follower;
  }

  #apply(event: RunEvent): void {
    this.#state = applyEvent(this.#state, event);
    if (this.#follower) this.#follower.apply(event);
    else this.#past.push(event);
  }

  /** Waits a limited time until the sinks have all events, then closes them and the journal. */
  async close(): Promise<void> {
    const sinks = [...this.#sinks.keys()];
    // Each append reports its own failure.
    await Promise.allSettled(this.#underWay);
    await this.#withPatience(Promise.all(sinks.map((sink) => this.#drained(sink))));
    await this.#withPatience(Promise.all(sinks.map((sink) => this.#closeSink(sink))));
    await this.#journal.close();
  }

  /** A sink that fails makes an event, which the other sinks still get. */
  async #drained(sink: EventSink): Promise<void> {
    for (let last: Promise<void> | undefined; last !== this.#sinks.get(sink); ) {
      last = this.#sinks.get(sink);
      await last;
    }
  }

  async #closeSink(sink: EventSink): Promise<void> {
    try {
      await sink.close?.();
    } catch (error) {
      await this.#warnOnce(sink, error);
    }
  }

  async #withPatience(done: Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const givenUp = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#sinkPatienceMs);
    });
    await Promise.race([done, givenUp]);
    clearTimeout(timer);
  }

  #deliver(event: RunEvent): void {
    for (const [sink, before] of this.#sinks) {
      this.#sinks.set(
        sink,
        before.then(() => this.#deliverTo(sink, event)),
      );
    }
  }

  async #deliverTo(sink: EventSink, event: RunEvent): Promise<void> {
    try {
      await sink.onEvent(event);
    } catch (error) {
      await this.#warnOnce(sink, error);
    }
  }

  async #warnOnce(sink: EventSink, error: unknown): Promise<void> {
    if (this.#failedSinks.has(sink)) return;
    this.#failedSinks.add(sink);
    const message = `An event sink failed and may have missed events: ${String(error)}`;
    try {
      await this.append({
        type: 'warning',
        diagnostic: { code: 'PWT_SINK_FAILED', severity: 'warning', message },
      });
    } catch (cause) {
      // The next append of the run fails in the same way and stops it; a sink must not.
      if (!hasCode(cause, 'PWT_JOURNAL_WRITE_FAILED')) throw cause;
    }
  }
}

function rethrowAsWriteFailure(cause: unknown): never {
  if (hasCode(cause, 'PWT_JOURNAL_WRITE_FAILED')) throw cause;
  throw new PwtError('PWT_JOURNAL_WRITE_FAILED', `The run's log can't be written: ${String(cause)}`, {
    hint: 'Put that right, then `pwt resume`. Running agents go on meanwhile.',
    cause,
  });
}
