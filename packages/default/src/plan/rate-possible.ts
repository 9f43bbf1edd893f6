import type { TaskConflict } from '@pwt/separator';
import type { Plan } from './compose-plan.js';

/** Two tasks that only might collide, and how likely they do. */
export interface RatedPair extends TaskConflict {
  /** The estimated chance that both change a common file, from 0 to 1; see docs/risk.md. */
  readonly probability: number;
}

/**
 * Rates pairs that are merely `possible`, the likeliest first. Without what earlier runs have taught, so that a
 * plan says the same on every machine. O(text of the tasks + pairs). Pure.
 */
export async function ratePossible(
  { tasks, claims, tree }: Pick<Plan, 'tasks' | 'claims' | 'tree'>,
  possible: readonly TaskConflict[],
): Promise<readonly RatedPair[]> {
  if (possible.length === 0) return [];
  const { createRiskLookup, EvidenceTree, taskEvidence } = await import('@pwt/separator');
  const evidenceTree = new EvidenceTree(tree.paths);
  const concerned = new Set(possible.flatMap((pair) => pair.tasks));
  const evidence = tasks.flatMap((task, at) => {
    const scope = claims[at];
    return scope && concerned.has(task.id) ? [taskEvidence(task, scope, evidenceTree)] : [];
  });
  const risk = createRiskLookup(evidence);
  return possible
    .map((pair) => ({ ...pair, probability: risk(...pair.tasks) }))
    .sort((a, b) => b.probability - a.probability);
}
