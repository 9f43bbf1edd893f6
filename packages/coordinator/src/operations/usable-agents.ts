import { type AgentLauncher, isPwtError, type RunOptions } from '@pwt/core';

/**
 * The agents that a resumed run may choose among; `undefined` for all. Where none can be started, the run goes on all the same:
 * agents that still run are taken over, and each task that can't start says why.
 */
export async function usableOnResume(
  launcher: AgentLauncher,
  { permission = 'default' }: Partial<Pick<RunOptions, 'permission'>>,
): Promise<readonly string[] | undefined> {
  const { agents = [] } = launcher;
  if (agents.length < 2) return undefined;
  try {
    return (await launcher.check({ permission }))?.usable;
  } catch (error) {
    if (!isPwtError(error)) throw error;
    return undefined;
  }
}
