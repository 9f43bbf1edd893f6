import type { Diagnostic, WatchBlind } from '@pwt/core';

/** That part of what agents do is seen later than at once. Pure. */
export function blindWarning({ status, reason }: WatchBlind): Diagnostic {
  const rest = 'What is not seen at once is seen when an agent ends, and at the end of the run.';
  if (status === 'full')
    return {
      code: 'PWT_WATCH_FULL',
      severity: 'warning',
      message: `There are not enough watches to see everything that agents do outside of their worktrees: ${reason}. ${rest}`,
    };
  return {
    code: 'PWT_WATCH_FAILED',
    severity: 'warning',
    message: `Part of what agents do outside of their worktrees can't be watched: ${reason}. ${rest}`,
  };
}
