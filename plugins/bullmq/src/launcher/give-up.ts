import { type AgentExit, type Clock, hasCode } from '@pwt/core';
import type { AttemptKey } from '../protocol/operations.js';
import { localRefs } from '../workspaces/local-refs.js';
import type { LauncherContext } from './context.js';
import { pause } from './pause.js';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Gives up an attempt whose worker is lost. Either its result had come by then, and says how the agent ended, or no result of it will
 * ever count. Waits for the exchange as long as it takes: without it, nobody can know which.
 *
 * @returns how the agent ended; `undefined` if it is given up
 */
export async function giveUp(
  { exchange, placements, warn }: LauncherContext,
  clock: Clock,
  {
    attempt,
    workspace,
    worker,
  }: { readonly attempt: AttemptKey; readonly workspace: string; readonly worker: string },
): Promise<AgentExit | undefined> {
  let wait = FIRST_PAUSE_MS;
  for (;;) {
    try {
      const decided = await exchange.giveUp(attempt);
      if (decided.status === 'given-up') {
        await placements.gaveUp(workspace, attempt.number, worker);
        return undefined;
      }
      const { ref, commit } = decided;
      await exchange.take({ ref, commit, into: localRefs.commit(attempt.runId, attempt.taskId, commit) });
      return await exchange.exitOf(attempt, commit);
    } catch (error) {
      if (!hasCode(error, 'PWT_EXCHANGE_UNREACHABLE')) throw error;
      if (wait === FIRST_PAUSE_MS)
        warn(
          `What has become of attempt ${attempt.number} of task ${attempt.taskId} on ${worker} can't be known yet; pwt asks again: ${error.message}`,
        );
      await pause(clock, wait);
      wait = Math.min(2 * wait, LONGEST_PAUSE_MS);
    }
  }
}
