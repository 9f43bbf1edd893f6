import { type Finding, isOpenError, type RunState } from '@pwt/core';

/**
 * True for a run with tested work that is not on the target, or with tasks that needed no change and have not landed with it, or that waits to be put onto a rewritten one.
 *
 * @param options `ontoRewritten`: also for one of which all had landed before the target was rewritten
 */
export function hasWorkToLand(
  state: RunState,
  { ontoRewritten = false }: { readonly ontoRewritten?: boolean } = {},
): boolean {
  const { integration, landedTip, tasks } = state;
  const isWaiting = [...tasks.values()].some(
    ({ over, integratedAt, outcome }) =>
      outcome === 'integrated' || ((over ?? integratedAt) !== undefined && outcome === undefined),
  );
  return integration !== landedTip || isWaiting || (ontoRewritten && findTargetObstacle(state) !== undefined);
}

/** What is wrong with the target (rewritten, deleted, left behind by a checkout), until it is put right or decided on. */
export function findTargetObstacle({ findings }: Pick<RunState, 'findings'>): Finding | undefined {
  return findings.findLast((finding) => finding.kind === 'target' && isOpenError(finding));
}
