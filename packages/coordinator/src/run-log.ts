import {
  applyEvent,
  EVENT_VERSION,
  type EventSink,
  emptyRunState,
  type Journal,
  type NewRunEvent,
  type RunEvent,
  type RunState,
  type TaskState,
} from '@pwt/core';
import type { Clock } from './clock.js';

export interface RunLogOptions {
  readonly runId: string;
  readonly journal: Journal;
  readonly sinks: readonly EventSink[];
  readonly clock: Clock;
  /** Events that the journal already holds. */
  readonly history?: readonly RunEvent[];
}

/**
 * The one place through which everything that happens becomes an event: numbered, written to the
 * journal, folded into the state, and only then shown to the sinks.
 */
export class RunLog {
  readonly runId: string;
  readonly #journal: Journal;
  readonly #sinks: readonly EventSink[];
  readonly #clock: Clock;
  readonly #failedSinks = new Set<EventSink>();
  #state: RunState;
  #delivered: Promise<void> = Promise.resolve();

  constructor(options: RunLogOptions) {
    this.runId = options.runId;
    this.#journal = options.journal;
    this.#sinks = options.sinks;
    this.#clock = options.clock;
    this.#state = emptyRunState(options.runId);
    for (const event of options.history ?? []) this.#state = applyEvent(this.#state, event);
  }

  get state(): RunState {
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
   * so decisions taken in the same turn already see it.
   *
   * @throws PwtError `PWT_JOURNAL_WRITE_FAILED`; the run must then stop, because nothing can be recorded.
   */
  async append(event: NewRunEvent): Promise<void> {
    const full = {
      v: EVENT_VERSION,
      seq: this.#state.seq + 1,
      at: this.#clock.now(),
      runId: this.runId,
      ...event,
    } as RunEvent;
    this.#state = applyEvent(this.#state, full);
    await this.#journal.append(full);
    this.#deliver(full);
  }

  /** Waits until the sinks have seen everything, then closes them and the journal. */
  async close(): Promise<void> {
    await this.#delivered;
    for (const sink of this.#sinks) {
      try {
        await sink.close?.();
      } catch (error) {
        await this.#warnOnce(sink, error);
      }
    }
    await this.#journal.close();
  }

  #deliver(event: RunEvent): void {
    for (const sink of this.#sinks) {
      this.#delivered = this.#delivered.then(() => this.#deliverTo(sink, event));
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
    await this.append({
      type: 'warning',
      diagnostic: { code: 'PWT_SINK_FAILED', severity: 'warning', message },
    });
  }
}
