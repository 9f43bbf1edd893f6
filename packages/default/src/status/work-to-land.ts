import type { RunState } from '@pwt/core';

/** True for a run with tested work that is not on the target, or that waits to be put onto a rewritten one. */
export function hasWorkToLand({ integration, landedTip, tasks }: RunState): boolean {
  const isWaiting = [...tasks.values()].some(
    ({ over, outcome, phase }) => over !== undefined && outcome === undefined && phase !== 'waiting',
  );
  return integration !== landedTip || isWaiting;
}
