import { type ConflictKind, relateClaims } from '@pwt/claims';
import type { Task, TaskClaims } from '@pwt/core';
import type { RiskReason } from '@pwt/risk';
import type { Plan } from '../plan.js';
import { dependencyPath } from './dependency-path.js';
import { nearestClaims, sharedClaims } from './near-claims.js';
import { type QuotedClaim, quote } from './quote.js';

/** Two claims that conflict, or possibly do. */
export interface ExplainedConflict {
  readonly relation: 'conflict' | 'possible';
  readonly kind: ConflictKind;
  /** A path that the first task's claim matches. */
  readonly witness: string;
  /** A path that the second task's claim matches; the same one for an `overlap`. */
  readonly against: string;
  readonly claims: readonly [QuotedClaim, QuotedClaim];
}

/** Why two tasks may, or may not, run at the same time. */
export interface PairExplanation {
  readonly tasks: readonly [Task, Task];
  /** By the claims alone. With a {@link dependency}, the tasks run one after the other whatever the relation. */
  readonly relation: 'conflict' | 'possible' | 'independent';
  /** Every pair of claims that conflicts or possibly does, conflicts first. */
  readonly conflicts: readonly ExplainedConflict[];
  /** Claims that overlap and are compatible. */
  readonly shared: readonly {
    readonly witness: string;
    readonly claims: readonly [QuotedClaim, QuotedClaim];
  }[];
  /** The two claims whose paths have the longest common folder; only if no claims overlap. */
  readonly nearest?: { readonly folder: string; readonly claims: readonly [QuotedClaim, QuotedClaim] };
  /** The estimated chance that both change a common file, from 0 to 1. It does not change {@link relation}. */
  readonly probability: number;
  /** The reasons for that chance, the weightiest first. */
  readonly reasons: readonly RiskReason[];
  /**
   * The ids of a chain of dependencies, from the task that waits to the other one. If each waits for the other: the whole
   * circle, which begins and ends with the first task. Then neither can ever start.
   */
  readonly dependency?: readonly string[];
}

/**
 * Explains two tasks of a plan. Pure.
 *
 * @param repositoryIntercept from earlier runs in this repository, see `fitIntercept` of `@pwt/risk`
 * @throws RangeError for an id that is not in the plan
 */
export async function explainPair(
  plan: Pick<Plan, 'tasks' | 'claims' | 'tree'>,
  [first, second]: readonly [string, string],
  repositoryIntercept = 0,
): Promise<PairExplanation> {
  const { assessPair, EvidenceTree, taskEvidence } = await import('@pwt/risk');
  const [a, b] = [planned(plan, first), planned(plan, second)];
  const quoted = (mine: QuotedClaim['claim'], theirs: QuotedClaim['claim']) =>
    [quote(a.task, mine), quote(b.task, theirs)] as const;
  const { relation, reasons: conflicts } = relateClaims(a.scope.claims, b.scope.claims);
  const tree = new EvidenceTree(plan.tree.paths);
  const risk = assessPair(taskEvidence(a.task, a.scope, tree), taskEvidence(b.task, b.scope, tree), {
    repositoryIntercept,
  });
  const shared = sharedClaims(a.scope.claims, b.scope.claims);
  const nearest =
    conflicts.length + shared.length === 0 ? nearestClaims(a.scope.claims, b.scope.claims) : undefined;
  const there = dependencyPath(plan.tasks, first, second);
  const back = dependencyPath(plan.tasks, second, first);
  const dependency = there && back ? [...there, ...back.slice(1)] : (there ?? back);
  return {
    tasks: [a.task, b.task],
    relation,
    conflicts: conflicts.map(({ mine, theirs, ...conflict }) => ({
      ...conflict,
      claims: quoted(mine, theirs),
    })),
    shared: shared.map(({ mine, theirs, witness }) => ({ witness, claims: quoted(mine, theirs) })),
    ...(nearest ? { nearest: { folder: nearest.folder, claims: quoted(nearest.mine, nearest.theirs) } } : {}),
    probability: risk.probability,
    reasons: risk.reasons,
    ...(dependency ? { dependency } : {}),
  };
}

function planned(
  { tasks, claims }: Pick<Plan, 'tasks' | 'claims'>,
  id: string,
): { readonly task: Task; readonly scope: TaskClaims } {
  const at = tasks.findIndex((task) => task.id === id);
  const task = tasks[at];
  const scope = claims[at];
  if (!task || !scope) throw new RangeError(`task ${id} is not in the plan`);
  return { task, scope };
}
