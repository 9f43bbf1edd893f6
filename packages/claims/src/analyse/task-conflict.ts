import type { Claim } from '@pwt/core';
import type { FileTree } from '@pwt/scope';
import type { ConflictKind, ConflictRelation } from '../claim-relation.js';
import type { ClaimConflict } from '../claim-table.js';
import { sharedPaths } from './shared-paths.js';

/** Two tasks whose claims don't go together, with the first reason in full. */
export interface TaskConflict {
  /** In the order of the request. */
  readonly tasks: readonly [string, string];
  /** `possible`: only a claim that is itself merely possible, or a read beside a write. */
  readonly verdict: ConflictRelation;
  /** Paths that both touch; files of the tree where there are any, else the witnesses. At most 50. */
  readonly paths: readonly string[];
  /** A path that {@link mine} and {@link theirs} both match. */
  readonly witness: string;
  readonly kind: ConflictKind;
  /** The claim of the first task. */
  readonly mine: Claim;
  /** The claim of the second task. */
  readonly theirs: Claim;
}

/** The conflict of two tasks: its gravest reasons, in the order in which they are given. */
export function taskConflict(
  tasks: readonly [string, string],
  reasons: readonly ClaimConflict[],
  tree: FileTree,
): TaskConflict {
  const grave = reasons.filter(({ relation }) => relation === 'conflict');
  const counted = grave.length > 0 ? grave : reasons;
  const { relation: verdict, witness, kind, mine, theirs } = counted[0] as ClaimConflict;
  return { tasks, verdict, paths: sharedPaths(counted, tree), witness, kind, mine, theirs };
}
