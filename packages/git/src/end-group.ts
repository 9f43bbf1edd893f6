import type { ChildProcess } from 'node:child_process';

/** How long processes may take to end after TERM. */
const KILL_AFTER_MS = 5_000;

/**
 * Ends a child that leads a process group, with everything in the group, when the signal aborts: TERM, then
 * KILL. A helper of git's that hangs (a merge driver, a filter) would otherwise outlive git, and hold the pipes
 * that git's own reader waits for.
 *
 * A process that has left the group keeps running, and is not waited for.
 *
 * @returns stops listening to the signal; call it when the child has ended and its output is read
 */
export function endGroupOnAbort(
  child: Pick<ChildProcess, 'pid' | 'stdout' | 'stderr'>,
  signal: AbortSignal,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    killGroup(child.pid, 'SIGTERM');
    timer = setTimeout(() => {
      killGroup(child.pid, 'SIGKILL');
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, KILL_AFTER_MS);
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return () => {
    signal.removeEventListener('abort', end);
    clearTimeout(timer);
  };
}

function killGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // The group is empty.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
