import type { Claim } from '@pwt/core';

/**
 * The paths that these claims name exactly and certainly change, exclusively. With claims that subtract (`!…`) there are
 * none.
 */
export function exclusivePaths(claims: readonly Claim[]): readonly string[] {
  return certain(claims)
    .filter((claim) => claim.class === 'exclusive')
    .map((claim) => claim.pattern);
}

function certain(claims: readonly Claim[]): readonly Claim[] {
  if (claims.some((claim) => claim.pattern.startsWith('!'))) return [];
  return claims.filter(
    (claim) =>
      claim.mode !== 'read' && claim.confidence !== 'possible' && !/[*?[\]{}\\]|\/$/.test(claim.pattern),
  );
}
