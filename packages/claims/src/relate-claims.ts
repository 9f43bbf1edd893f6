import type { Claim } from '@pwt/core';
import { ScopeIndex } from '@pwt/scope';
import { eachConflict, scopesOf } from './claim-relation.js';
import type { ClaimConflict } from './claim-table.js';

/** What two tasks' claims mean for running them at the same time, and why. */
export interface ClaimsVerdict {
  /** `conflict`: not together. `possible`: the policy decides. `independent`: nothing stands against it. */
  readonly verdict: 'conflict' | 'possible' | 'independent';
  /** Every pair of claims that doesn't go together, the conflicts first; `mine` is from the first task, `theirs` from the second. */
  readonly reasons: readonly Omit<ClaimConflict, 'taskId'>[];
}

/**
 * The relation of two tasks by what they claim. A claim whose pattern begins with `!` subtracts from the others
 * of its task. For many tasks, use `ClaimTable`: this is the same verdict for one pair.
 *
 * @throws PwtError as `parsePattern`.
 */
export function relateClaims(a: readonly Claim[], b: readonly Claim[]): ClaimsVerdict {
  return claimsRelation(b)(a);
}

/**
 * {@link relateClaims} for many first tasks and one second one.
 *
 * @throws PwtError as `parsePattern`.
 */
export function claimsRelation(b: readonly Claim[]): (a: readonly Claim[]) => ClaimsVerdict {
  const index = new ScopeIndex<Claim>();
  for (const [claim, list] of scopesOf(b)) index.add(list, claim);
  return (a) => {
    const reasons: Omit<ClaimConflict, 'taskId'>[] = [];
    for (const scope of scopesOf(a)) {
      const [mine] = scope;
      eachConflict(
        index,
        (claim) => claim,
        scope,
        (theirs, conflict) => {
          reasons.push({ mine, theirs, ...conflict });
        },
      );
    }
    const conflicts = reasons.filter(({ relation }) => relation === 'conflict');
    const possible = reasons.filter(({ relation }) => relation === 'possible');
    const verdict = conflicts.length > 0 ? 'conflict' : possible.length > 0 ? 'possible' : 'independent';
    return { verdict, reasons: [...conflicts, ...possible] };
  };
}
