import type { RiskEstimate, RiskRequest } from '@pwt/coordinator';
import { isPwtError, type JournalStore, type RunEvent } from '@pwt/core';
import { listPaths } from '@pwt/git';
import type { Project } from '../project/project.js';

/** How many earlier runs, and of each how many tasks, the repository's own rate of collisions is learned from. */
const RECENT_RUNS = 5;
const TASKS_PER_RUN = 60;

/**
 * How likely any two tasks of a run collide: from their texts and claims, with an intercept fitted to what the
 * latest runs in this repository really changed. See docs/risk.md.
 */
export async function estimateRisk(
  { project, journals }: { readonly project: Pick<Project, 'git'>; readonly journals: JournalStore },
  run: RiskRequest,
): Promise<RiskEstimate> {
  const [separator, paths, events] = await Promise.all([
    import('@pwt/separator'),
    listPaths(project.git, run.base),
    recentEvents(journals),
  ]);
  const { createRiskLookup, EvidenceTree, fitIntercept, observeRuns, taskEvidence } = separator;
  const tree = new EvidenceTree(paths);
  const evidence = run.tasks.flatMap((task, at) => {
    const claims = run.claims[at];
    return claims ? [taskEvidence(task, claims, tree)] : [];
  });
  const observed = observeRuns(events, { tree, maxTasks: TASKS_PER_RUN });
  return createRiskLookup(evidence, { repositoryIntercept: fitIntercept(observed) });
}

/** A log that can't be read teaches nothing, and must not keep anybody from running: `pwt status` reports it. */
async function recentEvents(journals: JournalStore): Promise<readonly RunEvent[]> {
  const recent = (await journals.list()).slice(-RECENT_RUNS);
  const logs = await Promise.all(
    recent.map(async (runId) => {
      try {
        return await journals.read(runId);
      } catch (error) {
        if (isPwtError(error)) return [];
        throw error;
      }
    }),
  );
  return logs.flat();
}
