import { type AgentExit, isTaskId, PwtError } from '@pwt/core';
import { isObjectId } from '@pwt/git';
import * as z from 'zod';
import { exitSchema } from '../protocol/exit.js';
import type { AttemptKey } from '../protocol/operations.js';

/** What a commit that travels says of the attempt whose work it is. */
export interface WorkNote {
  readonly attempt: AttemptKey;
  /** How the agent ended; absent for unfinished work. */
  readonly exit?: AgentExit;
  /** Where the workspace's own branch is, if HEAD is not on it. */
  readonly tip?: string;
  /** HEAD is on the workspace's own branch. */
  readonly onBranch: boolean;
  /** The merge that pwt has left in the workspace, for the agent to finish: by full id, and the files that were joined by lines. */
  readonly merge?: { readonly head: string; readonly onto: string; readonly lists?: readonly string[] };
}

/** The trailer that has a {@link WorkNote}, in the message of a commit. */
export const TRAILER = 'Work';

const MAX_TEXT = 4000;
const MAX_NOTE = 256 * 1024;

const text = z.string().max(64 * 1024);
const id = z.string().refine(isTaskId);
const objectId = z.string().refine(isObjectId);
const merge = z.strictObject({ head: objectId, onto: objectId, lists: z.array(text).max(1000).optional() });
const note = z.strictObject({
  v: z.literal(1),
  attempt: z.strictObject({ runId: id, taskId: id, number: z.number().int().min(1).max(1_000_000) }),
  exit: exitSchema.optional(),
  tip: objectId.optional(),
  onBranch: z.boolean(),
  merge: merge.optional(),
});

/**
 * One line of printable ASCII, whatever the agent has said: control characters and all else are escaped, and what is too long for an
 * exit is cut.
 */
export function formatNote(work: WorkNote): string {
  const written = JSON.stringify({ v: 1, ...work }, (_, value: unknown) =>
    typeof value === 'string' && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value,
  );
  return written.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * What the message of a commit says.
 *
 * @throws PwtError `PWT_EXCHANGE_UNSOUND` if it says nothing that a worker could have written
 */
export function parseNote(message: string): WorkNote {
  const lines = [...message.matchAll(/^Pwt-Work: (.*)$/gm)];
  const [line] = lines;
  const written = lines.length === 1 && line?.[1] !== undefined && line[1].length <= MAX_NOTE ? line[1] : '';
  const parsed = note.safeParse(jsonOr(written, undefined));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const what = written === '' ? 'has no account of it' : `${issue?.path.join('.')}: ${issue?.message}`;
    throw new PwtError(
      'PWT_EXCHANGE_UNSOUND',
      `A commit for an attempt's work says nothing usable: ${what}.`,
      {
        hint: 'Who else may push there? Nothing of it was kept.',
      },
    );
  }
  const { v: _, ...said } = parsed.data;
  return said as WorkNote;
}

function jsonOr(written: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return otherwise;
  }
}
