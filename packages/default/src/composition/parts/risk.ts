import type { RiskRequest } from '@pwt/coordinator';
import type { JournalStore } from '@pwt/core';
import type { RiskEstimate } from '@pwt/planner';
import { takePaths } from '../../project/base-paths.js';
import type { Project } from '../../project/project.js';
import { learnedIntercept } from './learned-intercept.js';

/**
 * How likely any two tasks of a run collide: from their texts and claims, with an intercept fitted to what the
 * latest runs in this repository really changed. See docs/risk.md.
 */
export async function estimateRisk(
  { project, journals }: { readonly project: Pick<Project, 'git'>; readonly journals: JournalStore },
  run: RiskRequest,
): Promise<RiskEstimate> {
  const [{ createRiskLookup, EvidenceTree, taskEvidence }, paths] = await Promise.all([
    import('@pwt/risk'),
    takePaths(project.git, run.base),
  ]);
  const evidenceTree = new EvidenceTree(paths);
  const evidence = run.tasks.flatMap((task, at) => {
    const claims = run.claims[at];
    return claims ? [taskEvidence(task, claims, evidenceTree)] : [];
  });
  const repositoryIntercept = await learnedIntercept({ journals, tree: { paths }, evidenceTree });
  return createRiskLookup(evidence, { repositoryIntercept });
}
