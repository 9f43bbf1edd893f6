import { EVENT_VERSION, PwtError, type RunEvent } from '@pwt/core';

const NEWLINE = 0x0a;

/**
 * Reads a log's bytes, line by line: a log may be longer than a string can be. What follows the last newline
 * is a write that a crash cut short: it was never acknowledged, so it is left out, and `completeBytes` says
 * where the next line has to go.
 *
 * @throws PwtError `PWT_JOURNAL_CORRUPT` for any other line that is not an event or is out of sequence.
 */
export function decodeJournal(bytes: Buffer, file: string): { events: RunEvent[]; completeBytes: number } {
  const events: RunEvent[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    events.push(decodeLine(bytes.toString('utf8', start, end), events.length + 1, file));
    start = end + 1;
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
        place: { file, line: number },
        hint: 'Use the pwt that started the run, or a newer one.',
      },
    );
  }
  if (event.seq !== number) throw corrupt(file, number, `has sequence number ${event.seq}`);
  return event;
}

function corrupt(file: string, line: number, what: string, cause?: unknown): PwtError {
  return new PwtError('PWT_JOURNAL_CORRUPT', `Line ${line} of the run's log ${what}.`, {
    place: { file, line },
    hint: 'The lines before it are intact. Branches and worktrees of the run are untouched: see `pwt doctor`.',
    cause,
  });
}
