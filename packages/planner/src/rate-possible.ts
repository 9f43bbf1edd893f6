import type { TaskConflict } from '@pwt/claims';
import type { Task, TaskClaims } from '@pwt/core';
import type { EvidenceTree, TaskEvidence } from '@pwt/risk';
import { fingerprintOf, fingerprintOfTask, noCache, type ResultCache } from '@pwt/separator';
import type { Plan } from './plan.js';

/** Two tasks that possibly conflict, with the chance that both change a common file. */
export interface RatedPair extends TaskConflict {
  /** The estimated chance that both change a common file, from 0 to 1; see docs/risk.md. */
  readonly probability: number;
}

export interface RatePossibleOptions {
  /** Caches what the texts say. @default no cache */
  readonly cache?: ResultCache;
  /** The intercept from earlier runs in this repository; called only if there is a pair to rate. @default 0 */
  readonly intercept?: () => Promise<number>;
}

/**
 * Rates pairs that are `possible`, in the way that a run does; the likeliest is first. O(text of the tasks + pairs); with a
 * cache, each text is read once.
 */
export async function ratePossible(
  { tasks, claims, tree }: Pick<Plan, 'tasks' | 'claims' | 'tree'>,
  possible: readonly TaskConflict[],
  { cache, intercept = async () => 0 }: RatePossibleOptions = {},
): Promise<readonly RatedPair[]> {
  if (possible.length === 0) return [];
  const { createRiskLookup, EvidenceTree, taskEvidence } = await import('@pwt/risk');
  let evidenceTree: EvidenceTree | undefined;
  const evidenceOf = (task: Task, scope: TaskClaims): TaskEvidence => {
    const inputs = () => [fingerprintOf(tree), fingerprintOfTask(task), JSON.stringify(scope)];
    const files = (cache ?? noCache).recall('evidence', inputs, () => {
      evidenceTree ??= new EvidenceTree(tree.paths);
      return [...taskEvidence(task, scope, evidenceTree).files];
    });
    return { ...scope, files: new Map(files) };
  };
  const concerned = new Set(possible.flatMap((pair) => pair.tasks));
  const evidence = tasks.flatMap((task, at) => {
    const scope = claims[at];
    return scope && concerned.has(task.id) ? [evidenceOf(task, scope)] : [];
  });
  const risk = createRiskLookup(evidence, { repositoryIntercept: await intercept() });
  return possible
    .map((pair) => ({ ...pair, probability: risk(...pair.tasks) }))
    .sort((a, b) => b.probability - a.probability);
}
