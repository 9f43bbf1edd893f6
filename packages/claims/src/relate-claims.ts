import type { Claim } from '@pwt/core';
import { ScopeIndex } from '@pwt/scope';
import { eachConflict, scopesOf } from './claim-relation.js';
import type { ClaimConflict } from './claim-table.js';

/** `conflict`: the tasks never run together. `possible`: the separation policy decides. `independent`: they may. */
export type TaskRelation = 'conflict' | 'possible' | 'independent';

/** How two tasks relate by their claims, and why. */
export interface RelatedClaims {
  readonly relation: TaskRelation;
  /** Every pair of claims that conflicts or possibly does, conflicts first; `mine` is of the first task. */
  readonly reasons: readonly Omit<ClaimConflict, 'taskId'>[];
}

/**
 * The relation of two tasks by their claims. A claim whose pattern begins with `!` subtracts from the other claims of
 * its task. `ClaimTable` gives the same answers for many tasks at once.
 *
 * @throws PwtError as `parsePattern`.
 */
export function relateClaims(a: readonly Claim[], b: readonly Claim[]): RelatedClaims {
  return relateClaimsTo(b)(a);
}

/**
 * {@link relateClaims} with one second task for many first ones: its claims are indexed once.
 *
 * @throws PwtError as `parsePattern`.
 */
export function relateClaimsTo(b: readonly Claim[]): (a: readonly Claim[]) => RelatedClaims {
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
    const relation = conflicts.length > 0 ? 'conflict' : possible.length > 0 ? 'possible' : 'independent';
    return { relation, reasons: [...conflicts, ...possible] };
  };
}
