import type { Claim } from '@pwt/core';
import type { Conflict } from './claim-relation.js';

/** Equal claims, in a `ClaimTable`: of one pattern, with one set of subtractions, of one mode, class and confidence. */
export interface ClaimNode {
  /** A small number, that of no other node in its table. */
  readonly id: number;
  /** The first of the equal claims. */
  readonly claim: Claim;
  /** What these claims don't go together with; the node itself, where two tasks can't both hold such a claim. */
  readonly conflicts: readonly NodeConflict[];
}

/** A node that the claims of another one don't go together with; `witness` is a path of the node at this end. */
export interface NodeConflict extends Conflict {
  readonly node: ClaimNode;
}
