/** What a person says to a run, from another process. */
export type InboxMessage =
  /** To the question about this task that was asked at that time, in milliseconds since the epoch. */
  | { readonly kind: 'answer'; readonly taskId: string; readonly askedAt: number; readonly answer: string }
  /** Stop the agent of this task, and cancel the task. */
  | { readonly kind: 'stop'; readonly taskId: string }
  /** Land the tested work of these, and take up those whose conflicts were resolved; none: all that is tested. */
  | { readonly kind: 'land'; readonly taskIds: readonly string[] }
  /** Send the tested work of these back to its agents. */
  | { readonly kind: 'reject'; readonly taskIds: readonly string[]; readonly reason: string };

/** A decision on finished work. Other than the rest, it takes time, and is answered in the log. */
export type DecisionMessage = Extract<InboxMessage, { readonly kind: 'land' | 'reject' }>;

/** The longest answer or reason, in characters. */
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
  const { v, kind, taskId, taskIds, askedAt, answer, reason } = value as Record<string, unknown>;
  if (v !== 1) return undefined;
  if (kind === 'land') return areIds(taskIds) ? { kind, taskIds } : undefined;
  if (kind === 'reject') {
    const isWhole = areIds(taskIds) && taskIds.length > 0 && isSaid(reason);
    return isWhole ? { kind, taskIds, reason } : undefined;
  }
  if (!isId(taskId)) return undefined;
  if (kind === 'stop') return { kind, taskId };
  if (kind !== 'answer' || !isSaid(answer) || !Number.isSafeInteger(askedAt)) return undefined;
  return { kind, taskId, askedAt: askedAt as number, answer };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function areIds(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isId);
}

function isSaid(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= ANSWER_CHARACTERS;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
