import type { Claim } from '@pwt/core';
import { escapePath } from '@pwt/scope';
import type { TreeIndex } from '../paths/tree-index.js';
import { lockfilesFor } from './lockfile.js';
import { snapshotsFor } from './snapshot.js';

/**
 * Claims that follow from others without the spec saying so: the snapshot beside a test and the lockfile
 * beside a manifest, both rebuilt rather than merged.
 */
export function impliedClaims(claims: readonly Claim[], tree: TreeIndex): readonly Claim[] {
  return claims
    .filter((claim) => claim.mode !== 'read')
    .flatMap((claim) => [
      ...lockfilesFor(claim.pattern, tree).map((path) => implied(claim, path, 'implied-lockfile')),
      ...snapshotsFor(claim.pattern, tree).map((path) => implied(claim, path, 'implied-snapshot')),
    ]);
}

function implied(claim: Claim, path: string, rule: string): Claim {
  return {
    pattern: escapePath(path),
    mode: 'write',
    class: 'regenerate',
    confidence: claim.confidence === 'possible' ? 'possible' : 'inferred',
    rule,
    ...(claim.place ? { place: claim.place } : {}),
  };
}
