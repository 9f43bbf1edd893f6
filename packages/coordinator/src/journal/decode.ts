import { basename, dirname } from 'node:path';
import {
  applyEvent,
  EVENT_VERSION,
  emptyRunState,
  isPwtError,
  PwtError,
  type RunEvent,
  upgradeEvent,
} from '@pwt/core';

const NEWLINE = 0x0a;

/** A log as far as it can be read. */
export interface ReadableJournal {
  readonly events: readonly RunEvent[];
  /** `PWT_JOURNAL_CORRUPT` or `PWT_JOURNAL_NEWER`: why later events are missing; absent if none are. */
  readonly damage?: PwtError;
}

/**
 * Reads a log's bytes line by line, since a log may be longer than a string can be. Text after the last newline is a write
 * that a crash cut short. It was never acknowledged, so it is left out; the next line goes to `completeBytes`. Any other
 * line that is no event, is out of sequence, or does not fit the state is `damage`; the events before it are valid.
 */
export function decodeJournal(bytes: Buffer, file: string): ReadableJournal & { completeBytes: number } {
  const events: RunEvent[] = [];
  let state = emptyRunState('');
  let start = 0;
  try {
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      const number = events.length + 1;
      const event = decodeLine(bytes.toString('utf8', start, end), number, file);
      try {
        state = applyEvent(state, event);
      } catch (cause) {
        throw corrupt(file, number, 'says nothing that can be understood', cause);
      }
      events.push(event);
      start = end + 1;
    }
  } catch (error) {
    if (!isPwtError(error)) throw error;
    return { events, completeBytes: start, damage: error };
  }
  return { events, completeBytes: start };
}

function decodeLine(line: string, number: number, file: string): RunEvent {
  let event: RunEvent;
  try {
    event = JSON.parse(line) as RunEvent;
  } catch (cause) {
    throw corrupt(file, number, 'is not JSON', cause);
  }
  if (typeof event !== 'object' || event === null || typeof event.type !== 'string') {
    throw corrupt(file, number, 'is not an event');
  }
  if (event.v > EVENT_VERSION) {
    throw new PwtError(
      'PWT_JOURNAL_NEWER',
      `The log of this run was written by a newer pwt (format ${event.v}).`,
      {
        place: { path: file, line: number },
        hint: 'Use the pwt that started the run, or a newer one.',
      },
    );
  }
  if (event.seq !== number) throw corrupt(file, number, `has sequence number ${event.seq}`);
  try {
    return upgradeEvent(event);
  } catch (cause) {
    throw corrupt(file, number, 'says nothing that can be understood', cause);
  }
}

function corrupt(file: string, line: number, what: string, cause?: unknown): PwtError {
  return new PwtError('PWT_JOURNAL_CORRUPT', `Line ${line} of the run's log ${what}.`, {
    place: { path: file, line },
    hint: `See what can be read with: pwt status --run ${basename(dirname(file))}. Its branches and worktrees are untouched. To move the log aside: pwt doctor --fix`,
    cause,
  });
}
