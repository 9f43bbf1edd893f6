import type { AgentExit, AgentFailure } from '@pwt/core';
import type { Ending } from './finish.js';

/** How a task ends whose agent did not do its work, by how the agent ended; `undefined` if it says it is done. */
export function agentEnding(exit: AgentExit): Ending | undefined {
  const { failure } = exit;
  const after = duration(exit.durationMs);
  switch (exit.kind) {
    case 'timed-out':
      return ending('timed-out', 'timed-out', `stopped by the time-out after ${after}`, failure);
    case 'idle-timed-out': {
      const reason = `stopped after ${after} because it printed nothing for too long`;
      return ending('timed-out', 'idle-timed-out', reason, failure);
    }
    case 'stopped':
      return ending('cancelled', 'stopped', 'stopped by the user');
    case 'lost': {
      const gone = 'the agent and its supervisor are gone';
      return ending('failed', 'lost', `${gone}, so its exit status can not be known; its worktree is kept`);
    }
    case 'signalled':
      return ending('failed', 'signal', `killed by ${exit.signal ?? 'a signal'}`, failure);
    case 'exited':
      if (failure) return { status: 'failed', reason: `${failure.kind}: ${failure.message}`, failure };
      if (exit.exitCode === 0) return undefined;
      return ending('failed', 'exit-code', `exit code ${exit.exitCode ?? 'unknown'}`);
  }
}

/** What the agent's own output tells says more than how it was ended. */
function ending(
  status: Ending['status'],
  kind: NonNullable<Ending['failure']>['kind'],
  how: string,
  said?: AgentFailure,
): Ending {
  const reason = said ? `${how} (${said.kind}: ${said.message})` : how;
  return { status, reason, failure: said ?? { kind, message: how } };
}

function duration(ms: number): string {
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}
