import type { AgentExit, AgentFailure } from '@pwt/core';
import type { Ending } from './finish.js';

/** How a task ends after its agent failed or was stopped; `undefined` if the agent ended well, so its work is collected. */
export function agentEnding(exit: AgentExit): Ending | undefined {
  const { failure } = exit;
  const after = duration(exit.durationMs);
  switch (exit.kind) {
    case 'timed-out':
      return ending(
        'timed-out',
        'timed-out',
        complained(`stopped by the time-out after ${after}`, exit),
        failure,
      );
    case 'idle-timed-out': {
      const reason = `stopped after ${after} because it printed nothing for too long`;
      return ending('timed-out', 'idle-timed-out', complained(reason, exit), failure);
    }
    case 'stopped':
      return ending('cancelled', 'stopped', 'stopped by the user');
    case 'lost': {
      const { lostWith: machine } = exit;
      if (machine !== undefined) {
        const reason = `machine ${machine} was lost while the agent worked there`;
        return { status: 'failed', reason, failure: { kind: 'lost', message: reason, machine } };
      }
      const gone = 'the agent and its supervisor are gone';
      return ending('failed', 'lost', `${gone}, so its exit status can't be known; its worktree is kept`);
    }
    case 'signalled':
      return ending('failed', 'signal', `killed by ${exit.signal ?? 'a signal'}`, failure);
    case 'exited':
      if (failure) return { status: 'failed', reason: `${failure.kind}: ${failure.message}`, failure };
      if (exit.exitCode === 0) return undefined;
      return ending('failed', 'exit-code', `exit code ${exit.exitCode ?? 'unknown'}`);
  }
}

/** With what the agent complained of last, where nothing more is known of it. */
export function complained(
  how: string,
  { failure, complaints }: Pick<AgentExit, 'failure' | 'complaints'>,
): string {
  const last = complaints?.at(-1);
  return failure !== undefined || last === undefined ? how : `${how}; the agent said: ${last}`;
}

/** A failure found in the agent's output comes before the way it ended: it says more. */
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
