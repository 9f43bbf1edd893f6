import type { Claim, ClaimMode, Confidence } from '@pwt/core';

const modeRank: Readonly<Record<ClaimMode, number>> = { read: 0, write: 1, create: 2, rename: 3, delete: 4 };
const confidenceRank: Readonly<Record<Confidence, number>> = { possible: 0, inferred: 1, declared: 2 };

/**
 * Merges claims of the same pattern into one: the greatest confidence, and the strongest mode; place and rule are those of
 * the first claim with that confidence. Keeps the order in which patterns first appear.
 */
export function mergeClaims(claims: readonly Claim[]): readonly Claim[] {
  const merged = new Map<string, Claim>();
  for (const claim of claims) {
    const known = merged.get(claim.pattern);
    if (!known) {
      merged.set(claim.pattern, claim);
      continue;
    }
    const mode = modeRank[claim.mode] > modeRank[known.mode] ? claim.mode : known.mode;
    merged.set(claim.pattern, { ...(strength(claim) > strength(known) ? claim : known), mode });
  }
  return [...merged.values()];
}

/** The confidence of a read does not count for a write. */
function strength(claim: Claim): number {
  return (claim.mode === 'read' ? 0 : 10) + confidenceRank[claim.confidence];
}
