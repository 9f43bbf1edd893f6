import type { Claim } from '@pwt/core';
import type { FileTree } from '@pwt/scope';
import { escapePath, literalPath } from '@pwt/scope';
import { lockfilesFor } from './lockfile.js';
import { snapshotsFor } from './snapshot.js';

/**
 * Claims that other claims imply: the snapshot of a test and the lockfile of a manifest. Both are regenerated rather than
 * merged.
 */
export function impliedClaims(claims: readonly Claim[], tree: FileTree): readonly Claim[] {
  return claims
    .filter(({ mode, pattern }) => mode !== 'read' && !pattern.startsWith('!'))
    .flatMap((claim) => {
      const path = literalPath(claim.pattern) ?? claim.pattern;
      return [
        ...lockfilesFor(path, tree).map((lockfile) => implied(claim, lockfile, 'implied-lockfile')),
        ...snapshotsFor(path, tree).map((snapshot) => implied(claim, snapshot, 'implied-snapshot')),
      ];
    });
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
