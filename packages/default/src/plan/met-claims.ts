import type { Claim, TaskClaims } from '@pwt/core';
import { ClaimIndex } from '@pwt/scope';

/**
 * The claims of all tasks without those that meet no claim of another task. A scheduler comes to the same
 * answers with what is left, in less time. O(claims + meetings).
 *
 * Each task keeps at least one claim, by which a task that claims everything still meets it.
 */
export function metClaims(claims: readonly TaskClaims[]): readonly TaskClaims[] {
  const index = new ClaimIndex();
  const met = new Set<Claim>();
  for (const { taskId, claims: own, unknownScope } of claims) {
    if (unknownScope) continue;
    for (const { mine, theirs } of index.conflictsWith(own)) met.add(mine).add(theirs);
    index.add(taskId, own);
  }
  return claims.map((entry) => {
    if (entry.unknownScope) return entry;
    const kept = entry.claims.filter((claim) => met.has(claim) || isSubtraction(claim));
    if (kept.some(excludesOthers)) return { ...entry, claims: kept };
    const witness = entry.claims.find(excludesOthers) ?? entry.claims.find((claim) => !isSubtraction(claim));
    return { ...entry, claims: witness && !kept.includes(witness) ? [...kept, witness] : kept };
  });
}

function isSubtraction({ pattern }: Claim): boolean {
  return pattern.startsWith('!');
}

/** Whether the claim conflicts with one of everything; others only possibly do. */
function excludesOthers(claim: Claim): boolean {
  return claim.mode !== 'read' && claim.confidence !== 'possible' && !isSubtraction(claim);
}
