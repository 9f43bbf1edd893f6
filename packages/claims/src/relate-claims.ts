import type { Claim } from '@pwt/core';
import { type ClaimConflict, ClaimIndex } from './claim-index.js';

/** What two tasks' claims mean for running them at the same time, and why. */
export interface ClaimsVerdict {
  /** `conflict`: not together. `possible`: the policy decides. `independent`: nothing stands against it. */
  readonly verdict: 'conflict' | 'possible' | 'independent';
  /** Every pair of claims that meets, the conflicts first; `mine` is from the first task, `theirs` from the second. */
  readonly reasons: readonly Omit<ClaimConflict, 'taskId'>[];
}

/**
 * The relation of two tasks by what they claim. A claim whose pattern begins with `!` subtracts from the others
 * of its task. For many tasks, use `ClaimIndex`: this is the same verdict for one pair.
 *
 * @throws PwtError as `parsePattern`.
 */
export function relateClaims(a: readonly Claim[], b: readonly Claim[]): ClaimsVerdict {
  const index = new ClaimIndex();
  index.add('', b);
  const reasons = index.conflictsWith(a).map(({ taskId: _, ...reason }) => reason);
  const conflicts = reasons.filter(({ relation }) => relation === 'conflict');
  const possible = reasons.filter(({ relation }) => relation === 'possible');
  const verdict = conflicts.length > 0 ? 'conflict' : possible.length > 0 ? 'possible' : 'independent';
  return { verdict, reasons: [...conflicts, ...possible] };
}
