import type { Claim } from '@pwt/core';
import type { FileTree } from '@pwt/scope';
import type { ConflictKind, ConflictRelation } from '../claim-relation.js';
import type { ClaimConflict } from '../claim-table.js';
import { sharedPaths } from './shared-paths.js';

/** Two tasks in conflict, or possibly so, with the first pair of claims that is. */
export interface TaskConflict {
  /** In the order of the request. */
  readonly tasks: readonly [string, string];
  /** `possible`: one of the claims is only possible, or one reads what the other writes. */
  readonly relation: ConflictRelation;
  /** Paths that both tasks claim: files of the tree, or the witness where none matches. At most 50. */
  readonly paths: readonly string[];
  /** A path that {@link mine} and {@link theirs} both match. */
  readonly witness: string;
  readonly kind: ConflictKind;
  /** The claim of the first task. */
  readonly mine: Claim;
  /** The claim of the second task. */
  readonly theirs: Claim;
}

/** The conflict of two tasks, from its pairs of claims. Where some conflict, those that possibly do are left out. */
export function taskConflict(
  tasks: readonly [string, string],
  reasons: readonly ClaimConflict[],
  tree: FileTree,
): TaskConflict {
  const grave = reasons.filter(({ relation }) => relation === 'conflict');
  const counted = grave.length > 0 ? grave : reasons;
  const { relation, witness, kind, mine, theirs } = counted[0] as ClaimConflict;
  return { tasks, relation, paths: sharedPaths(counted, tree), witness, kind, mine, theirs };
}
