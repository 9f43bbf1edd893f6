/**
 * The mark of all processes of a run's gates, on top of the one that each gate has for itself: what is left of them when their pwt was
 * killed works in a checkout that nothing waits for any more.
 */
export function gateMark(runId: string): string {
  return `gate-${runId}`;
}
