import type { EndedAttempt, RetryKind, RunOptions, TaskFailure, TaskFigures, TaskState } from '@pwt/core';

/** An agent that ends with an error this soon has not begun its work: what it met may be gone the next time. */
const EARLY_MS = 10_000;

const CRASHES: readonly (RetryKind | undefined)[] = ['crash', 'exit-code', 'signal'];

/**
 * Whether a further attempt follows by itself on one that ended so. Each kind of failure has a number of its own, counted
 * since the task began or since the user last wanted another attempt.
 */
export function mayContinue(
  retries: RunOptions['retries'],
  { attempts, figures }: Pick<TaskState, 'attempts' | 'figures'>,
  failure: TaskFailure | undefined,
): boolean {
  if (retries === undefined || failure === undefined) return false;
  const counted = sinceWanted(attempts).filter(({ uncounted }) => !uncounted);
  return kindsOf({ failure, figures }).some(
    (kind) => counted.filter((attempt) => kindsOf(attempt).includes(kind)).length < (retries[kind] ?? 0),
  );
}

/** Whether any attempt is followed by another one. */
export function continuesAtAll(retries: RunOptions['retries']): boolean {
  return retries !== undefined && Object.values(retries).some((times) => times > 0);
}

/** True for an agent that has ended with an error before it can have begun its work. */
export function isEarlyCrash(
  failure: TaskFailure | undefined,
  { agentMs = Number.POSITIVE_INFINITY }: TaskFigures,
): boolean {
  return CRASHES.includes(failure?.kind) && agentMs < EARLY_MS;
}

function kindsOf(how: {
  readonly failure?: TaskFailure | undefined;
  readonly figures: TaskFigures;
}): readonly RetryKind[] {
  if (how.failure === undefined) return [];
  return isEarlyCrash(how.failure, how.figures) ? ['early-crash', how.failure.kind] : [how.failure.kind];
}

/** The attempts since the task began, or since the user last wanted another one. */
export function sinceWanted(attempts: readonly EndedAttempt[]): readonly EndedAttempt[] {
  return attempts.slice(attempts.findLastIndex(({ last }) => last) + 1);
}
