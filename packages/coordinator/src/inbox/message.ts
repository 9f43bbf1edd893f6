/** What a person says to a run, from another process. */
export type InboxMessage =
  /** To the question about this task that was asked at that time, in milliseconds since the epoch. */
  | { readonly kind: 'answer'; readonly taskId: string; readonly askedAt: number; readonly answer: string }
  /** Stop the agent of this task, and cancel the task. */
  | { readonly kind: 'stop'; readonly taskId: string };

/** The longest answer, in characters. */
export const ANSWER_CHARACTERS = 16_000;

/** A message as it was found: it has a name, by which it is removed. */
export interface ReceivedMessage {
  readonly id: string;
  /** `undefined` for one that can't be read: it is removed, and said. */
  readonly message: InboxMessage | undefined;
}

/** Where people leave messages for a run. What is left there while no process drives the run is found by the next one. */
export interface Inbox {
  /** All messages, the oldest first. */
  read(): Promise<readonly ReceivedMessage[]>;
  remove(id: string): Promise<void>;
  /** Calls back when there may be new ones; the returned function ends that. */
  watch(onChange: () => void): () => void;
}

/** A message as it was written; `undefined` for everything that is none. */
export function parseMessage(text: string): InboxMessage | undefined {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, kind, taskId, askedAt, answer } = value as Record<string, unknown>;
  if (v !== 1 || typeof taskId !== 'string' || taskId === '') return undefined;
  if (kind === 'stop') return { kind, taskId };
  const isAnswer = typeof answer === 'string' && answer.trim() !== '' && answer.length <= ANSWER_CHARACTERS;
  if (kind !== 'answer' || !isAnswer || !Number.isSafeInteger(askedAt)) return undefined;
  return { kind, taskId, askedAt: askedAt as number, answer };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
