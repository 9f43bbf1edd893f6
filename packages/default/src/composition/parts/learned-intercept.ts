import { isPwtError, type JournalStore, type RunEvent, type TrackedPaths } from '@pwt/core';
import type { EvidenceTree } from '@pwt/risk';
import type { ResultCache } from '@pwt/separator';

/** How many earlier runs, and of each how many tasks, the repository's own rate of collisions is learned from. */
const RECENT_RUNS = 5;
const TASKS_PER_RUN = 60;

export interface LearnedInterceptRequest {
  readonly journals: Pick<JournalStore, 'list' | 'read'>;
  readonly tree: TrackedPaths;
  /** If it is at hand. @default made of {@link tree} when it is needed */
  readonly evidenceTree?: EvidenceTree;
  /** Keeps the figure until there are other runs or another tree. @default none */
  readonly cache?: ResultCache;
}

/**
 * What this repository adds to the chance that two tasks collide: fitted to what its latest runs really changed,
 * 0 where there have been none. See docs/risk.md.
 */
export async function learnedIntercept(request: LearnedInterceptRequest): Promise<number> {
  const logs = await recentLogs(request.journals);
  if (logs.length === 0) return 0;
  const [{ EvidenceTree, fitIntercept, observeRuns }, { fingerprintOf, noCache }] = await Promise.all([
    import('@pwt/risk'),
    import('@pwt/separator'),
  ]);
  const { tree, cache = noCache } = request;
  // Logs only grow, so their lengths tell them apart.
  const inputs = () => [fingerprintOf(tree), ...logs.map(({ runId, events }) => `${runId} ${events.length}`)];
  return cache.recall('intercept', inputs, () => {
    const evidenceTree = request.evidenceTree ?? new EvidenceTree(tree.paths);
    const events = logs.flatMap((log) => log.events);
    return fitIntercept(observeRuns(events, { tree: evidenceTree, maxTasks: TASKS_PER_RUN }));
  });
}

/** A log that can't be read is left out, and stops no run: `pwt status` reports it. */
async function recentLogs(
  journals: LearnedInterceptRequest['journals'],
): Promise<readonly { readonly runId: string; readonly events: readonly RunEvent[] }[]> {
  const recent = (await journals.list()).slice(-RECENT_RUNS);
  const logs = await Promise.all(
    recent.map(async (runId) => {
      try {
        return [{ runId, events: await journals.read(runId) }];
      } catch (error) {
        if (isPwtError(error)) return [];
        throw error;
      }
    }),
  );
  return logs.flat();
}
