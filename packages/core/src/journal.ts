import type { RunEvent } from './event.js';

/** A journal that is being written. */
export interface Journal {
  /** Resolves when the event is durable. Appends of one journal keep their order. */
  append(event: RunEvent): Promise<void>;
  close(): Promise<void>;
}

/** Keeps the logs of all runs of one repository. */
export interface JournalStore {
  /** For messages. */
  readonly name: string;
  /** Opens a run's journal for appending; creates it if it does not exist. */
  open(runId: string): Promise<Journal>;
  /**
   * Reads a run's events in order. An incomplete last line is dropped; anything else that can't be read throws
   * `PWT_JOURNAL_CORRUPT` with the line. Throws `PWT_RUN_UNKNOWN` if there is no such run.
   */
  read(runId: string): Promise<readonly RunEvent[]>;
  /**
   * The ids of all runs, oldest first; with `changedSince` (milliseconds since the epoch), at least of those whose logs have
   * grown since.
   */
  list(request?: { readonly changedSince?: number }): Promise<readonly string[]>;
}

/** Gets every event once it is durable: live views, notifiers, reports. */
export interface EventSink {
  /** For messages. */
  readonly name: string;
  /** If it throws or rejects, that becomes a warning; it never stops a run. */
  onEvent(event: RunEvent): void | Promise<void>;
  /** Called once, after the last event. */
  close?(): Promise<void>;
}
