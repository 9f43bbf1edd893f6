import { type Claim, claimRelation } from '@pwt/core';

/** A claim and the task that makes it. */
export interface TaskClaim {
  readonly taskId: string;
  readonly claim: Claim;
}

/**
 * Of claims that overlap, those that conflict with a claim of another task, in the same order. Claims of the same
 * mode, class and confidence behave alike, so only one of each kind is compared: O(n).
 */
export function conflictingAmong(claims: Iterable<TaskClaim>): readonly TaskClaim[] {
  const all = [...claims];
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
