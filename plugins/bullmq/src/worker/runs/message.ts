import type { AgentActivity } from '@pwt/core';
import type { RunProgress } from '../../protocol/operations.js';

/** Of a log, in one message; JSON may make it longer. */
export const MAX_TAIL_BYTES: number = 8 * 1024;
const MAX_ACTIVITIES = 40;
const MAX_MESSAGE_BYTES = 32 * 1024;

/** As many activities as go into one message. What is less worth goes first: output, then what is oldest. */
export function worthTelling(activities: readonly AgentActivity[]): AgentActivity[] {
  const kept = [...activities];
  while (kept.length > MAX_ACTIVITIES) {
    const index = kept.findIndex(({ kind }) => kind === 'output' || kind === 'message');
    kept.splice(Math.max(0, index), 1);
  }
  return kept;
}

/** What an earlier message said that was not heard, and the next one, in one message. */
export function together(missed: RunProgress, next: RunProgress): RunProgress {
  const isNewRecord = next.record === undefined && missed.record !== undefined;
  return shortened({
    ...next,
    ...(isNewRecord ? { record: missed.record } : {}),
    activities: worthTelling([...missed.activities, ...next.activities]),
    ...pieceOf(missed, next),
  });
}

/** Of a message that is too long the tail goes first, then the activities that are oldest: what is left out of a tail is seen by the next offset. */
export function shortened(message: RunProgress): RunProgress {
  const isTooLong = (one: RunProgress) => Buffer.byteLength(JSON.stringify(one)) > MAX_MESSAGE_BYTES;
  let short = isTooLong(message) ? { ...message, tail: '' } : message;
  while (isTooLong(short) && short.activities.length > 0)
    short = { ...short, activities: short.activities.slice(Math.ceil(short.activities.length / 2)) };
  return short;
}

/** Two pieces of a log as one, if they meet and are not too long; else the later one. */
function pieceOf(missed: RunProgress, next: RunProgress): Pick<RunProgress, 'tail' | 'offset'> {
  if (next.tail === '') return { tail: missed.tail, offset: missed.offset };
  const meets = missed.offset + Buffer.byteLength(missed.tail) === next.offset;
  const tail = missed.tail + next.tail;
  const isOne = meets && Buffer.byteLength(tail) <= MAX_TAIL_BYTES;
  return isOne ? { tail, offset: missed.offset } : { tail: next.tail, offset: next.offset };
}
