import type { Claim } from '@pwt/core';
import type { Conflict } from './claim-relation.js';

/** All equal claims of a `ClaimTable`: same pattern, subtractions, mode, class and confidence. */
export interface ClaimNode {
  /** A small number, unique in the table. */
  readonly id: number;
  /** The first of the equal claims. */
  readonly claim: Claim;
  /** The nodes that conflict with this one, or possibly do. The node itself is among them if two such claims conflict. */
  readonly conflicts: readonly NodeConflict[];
}

/** A conflict with another node; `witness` is a path of the node that has this record. */
export interface NodeConflict extends Conflict {
  readonly node: ClaimNode;
}
