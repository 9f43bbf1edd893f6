import type { StopMode } from '@pwt/coordinator';
import type { Project } from '../../project/project.js';
import { readLockHolder } from '../../project/run-lock.js';

/** How a wish to stop reaches another process: as Ctrl-C would, or as a shutdown would. */
const signals: Readonly<Record<StopMode, NodeJS.Signals>> = { drain: 'SIGINT', now: 'SIGTERM' };

/**
 * Asks whatever process drives a run in this repository to stop. Its identity (pid, start time, boot) is
 * checked right before, so that a recycled pid is never hit.
 *
 * @returns the run that was asked; `undefined` if none is active
 */
export async function stopOtherRun(
  project: Project,
  mode: StopMode,
): Promise<{ readonly runId: string; readonly pid: number } | undefined> {
  const holder = await readLockHolder(project);
  if (!holder?.alive) return undefined;
  const { runId, pid } = holder;
  try {
    process.kill(pid, signals[mode]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
    throw error;
  }
  return { runId, pid };
}
