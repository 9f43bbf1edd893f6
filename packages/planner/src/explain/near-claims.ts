import { type Claim, claimRelation } from '@pwt/core';
import { ScopeIndex } from '@pwt/scope';

/** A claim of each of two tasks. */
export interface ClaimPair {
  readonly mine: Claim;
  readonly theirs: Claim;
}

/** Claims beyond this are not compared one by one. */
const MOST_COMPARED = 500;

/** The claims of two tasks that overlap and are compatible: two reads, two appends, two that are regenerated. */
export function sharedClaims(
  mine: readonly Claim[],
  theirs: readonly Claim[],
): readonly (ClaimPair & { readonly witness: string })[] {
  const index = new ScopeIndex<Claim>();
  for (const claim of theirs.filter(isPositive)) index.add(claim.pattern, claim);
  return mine
    .filter(isPositive)
    .flatMap((claim) =>
      index
        .overlapping(claim.pattern)
        .flatMap(({ owners, witness }) =>
          [...owners]
            .filter((other) => claimRelation(claim, other) === 'compatible')
            .map((other) => ({ mine: claim, theirs: other, witness })),
        ),
    );
}

/** The two claims whose paths have the longest common folder, with that folder. */
export function nearestClaims(
  mine: readonly Claim[],
  theirs: readonly Claim[],
): (ClaimPair & { readonly folder: string }) | undefined {
  const others = theirs.filter(isPositive).slice(0, MOST_COMPARED).map(withNames);
  let nearest: (ClaimPair & { readonly folder: string }) | undefined;
  for (const own of mine.filter(isPositive).slice(0, MOST_COMPARED).map(withNames)) {
    for (const other of others) {
      const folder = sharedFolder(own.names, other.names);
      if (nearest && folder.length <= nearest.folder.length) continue;
      nearest = { mine: own.claim, theirs: other.claim, folder };
    }
  }
  return nearest;
}

function isPositive({ pattern }: Claim): boolean {
  return !pattern.startsWith('!');
}

/** The literal folders at the beginning of a pattern. */
function withNames(claim: Claim): { readonly claim: Claim; readonly names: readonly string[] } {
  const names = claim.pattern.split('/').slice(0, -1);
  const wild = names.findIndex((name) => /[*?[\]{}\\]/.test(name));
  return { claim, names: wild < 0 ? names : names.slice(0, wild) };
}

function sharedFolder(a: readonly string[], b: readonly string[]): string {
  const differs = a.findIndex((name, at) => name !== b[at]);
  return a.slice(0, differs < 0 ? a.length : differs).join('/');
}
