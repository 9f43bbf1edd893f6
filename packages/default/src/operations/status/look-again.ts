import { type FindingKind, findPutRight, type RepositoryObserver, type RunState } from '@pwt/core';

/** The kinds of findings that a user can put right without pwt. */
const OF_REPOSITORY: ReadonlySet<FindingKind> = new Set([
  'config',
  'hooks',
  'target',
  'head',
  'index',
  'stash',
  'checkouts',
]);

/** True if a run without a live process has findings that may have been put right since. */
export function mayBePutRight({ findings }: RunState): boolean {
  return findings.some(
    ({ kind, severity, resolved }) => severity !== 'info' && resolved !== true && OF_REPOSITORY.has(kind),
  );
}

/**
 * The state with those findings marked that were put right since the run has ended. Records nothing; if the repository
 * can't be read, the findings stay as they are.
 */
export async function lookAgain(state: RunState, observer: RepositoryObserver): Promise<RunState> {
  const { runId, target, tasks, findings, landedTip } = state;
  const record = await observer.recall(runId);
  if (record === undefined || target === undefined) return state;
  const ownBranches = [...tasks.values()].flatMap(({ workspace }) => workspace?.branch ?? []);
  const now = await observer.observe({ target, runId, ownBranches });
  if (now.unreadable !== undefined) return state;
  const right = new Set(findPutRight(findings, record, now, landedTip));
  return {
    ...state,
    findings: findings.map((finding) => (right.has(finding) ? { ...finding, resolved: true } : finding)),
  };
}
