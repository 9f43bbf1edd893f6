import { hasCode } from '@pwt/core';
import type { Git } from '@pwt/git';

/** A connection over which nothing has come for two minutes is dead; servers send a sign of life every few seconds. */
const WHILE_ALIVE = ['-c', 'http.lowSpeedLimit=1', '-c', 'http.lowSpeedTime=120'];

/** What a git command that talks to a remote has said. */
export interface RemoteResult {
  /** -1 if it was ended, by a signal or because it took too long. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a git command that talks to a remote, for at most so long. However it ends, that is an answer: errors of `Git` have the command
 * line in them, and with it an address that may hold a password.
 */
export async function runRemote(git: Git, args: readonly string[], timeoutMs: number): Promise<RemoteResult> {
  const abortSignal = AbortSignal.timeout(timeoutMs);
  try {
    return await git.run([...WHILE_ALIVE, ...args], { okExitCodes: [0, 1, 2, 128, 129], abortSignal });
  } catch (error) {
    if (error === abortSignal.reason)
      return ended(`fatal: there was no end of it after ${Math.round(timeoutMs / 1000)} s`);
    if (hasCode(error, 'PWT_GIT_FAILED')) return ended(String(error.data?.stderr ?? ''));
    throw error;
  }
}

function ended(stderr: string): RemoteResult {
  return { exitCode: -1, stdout: '', stderr };
}
