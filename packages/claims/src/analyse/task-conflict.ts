import type { ClaimConflict, MeetingKind } from '@pwt/claims';
import type { Claim } from '@pwt/core';
import type { FileTree } from '@pwt/scope';
import { sharedPaths } from './shared-paths.js';

/** Two tasks whose claims meet, with the first reason in full. */
export interface TaskConflict {
  /** In the order of the request. */
  readonly tasks: readonly [string, string];
  /** `possible`: only a claim that is itself merely possible, or a read beside a write. */
  readonly verdict: 'conflict' | 'possible';
  /** Paths that both touch; files of the tree where there are any, else the witnesses. At most 50. */
  readonly paths: readonly string[];
  /** A path that {@link mine} and {@link theirs} both match. */
  readonly witness: string;
  readonly kind: MeetingKind;
  /** The claim of the first task. */
  readonly mine: Claim;
  /** The claim of the second task. */
  readonly theirs: Claim;
}

/** Two claims that meet, from the side of the first task. */
export interface Reason extends Omit<ClaimConflict, 'taskId'> {
  /** The places of the two claims among those of their tasks. */
  readonly at: readonly [mine: number, theirs: number];
}

/** The conflict of two tasks: its gravest reasons, in the order of the first and then of the second task's claims. */
export function taskConflict(
  tasks: readonly [string, string],
  reasons: readonly Reason[],
  files: FileTree,
): TaskConflict {
  const grave = reasons.filter(({ relation }) => relation === 'conflict');
  const counted = [...(grave.length > 0 ? grave : reasons)].sort(byPlace);
  const { relation: verdict, witness, kind, mine, theirs } = counted[0] as Reason;
  return { tasks, verdict, paths: sharedPaths(counted, files), witness, kind, mine, theirs };
}

function byPlace({ at: a }: Reason, { at: b }: Reason): number {
  return a[0] - b[0] || a[1] - b[1];
}
