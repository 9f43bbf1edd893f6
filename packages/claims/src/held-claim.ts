import { type Claim, claimRelation } from '@pwt/core';

/** A claim and the task that holds it. */
export interface HeldClaim {
  readonly taskId: string;
  readonly claim: Claim;
}

/**
 * Of claims that overlap, those that conflict with a claim of another task, in the same order. Claims of one mode,
 * class and confidence relate alike, so these are compared: O(n).
 */
export function conflictingAmong(holders: Iterable<HeldClaim>): readonly HeldClaim[] {
  const all = [...holders];
  const kinds = new Map<string, { readonly claim: Claim; readonly taskIds: Set<string> }>();
  for (const { taskId, claim } of all) {
    const kind = kinds.get(kindOf(claim)) ?? { claim, taskIds: new Set() };
    kind.taskIds.add(taskId);
    kinds.set(kindOf(claim), kind);
  }
  return all.filter(({ taskId, claim }) =>
    [...kinds.values()].some(
      (other) =>
        claimRelation(claim, other.claim) === 'conflict' &&
        (other.taskIds.size > 1 || !other.taskIds.has(taskId)),
    ),
  );
}

function kindOf({ mode, class: kind, confidence }: Claim): string {
  return `${mode} ${kind} ${confidence}`;
}
