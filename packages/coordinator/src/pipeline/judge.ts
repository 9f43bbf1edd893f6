import type { AgentExit, AgentFailure } from '@pwt/core';
import { checkCollected } from '../contract-check.js';
import { recordFinding } from '../run/findings.js';
import { finish, type RejectedStatus } from './finish.js';
import { keepWork, recordSnapshot } from './keep-work.js';
import type { Step } from './step.js';

/** Decides what an agent's end means, and takes its work out of the workspace if it says it is done. */
export const judge: Step = async (context, taskId) => {
  const { exit, task, workspace } = context.log.task(taskId);
  if (!exit || !workspace) throw new Error(`task ${taskId} ended without an exit or a workspace`);
  if (exit.kind === 'stopped' && context.stop.mode !== undefined) {
    await keepWork(context, taskId, 'stopped');
    return 'pause';
  }
  await context.agents.startups.goFirst(context.clock);
  const verdict = rejection(exit);
  if (verdict) {
    await finish(context, taskId, verdict.status, verdict.reason);
    return;
  }
  const { provider } = context.parts;
  const message = `${task.title}\n\nCommitted by pwt: the agent left this work uncommitted.\n\nPwt-Task: ${taskId}\n`;
  const result = checkCollected(provider.name, await provider.collect({ workspace, message }));
  if (result.snapshot)
    await recordSnapshot(context, taskId, result.snapshot, 'before its work was committed');
  for (const finding of result.findings ?? []) await recordFinding(context, finding);
  if (result.status === 'held') {
    // Not on record as collected: once it is put right, a resumed run collects again.
    const reasons = result.findings
      .filter(({ severity }) => severity === 'error')
      .map(({ message, hint }) => (hint === undefined ? message : `${message} ${hint}`));
    await finish(context, taskId, 'held', reasons.join(' '));
    return;
  }
  const { commit, changes, committedLeftovers } = result;
  await context.log.append({ type: 'work-collected', taskId, commit, changes, committedLeftovers });
};

function rejection(exit: AgentExit): { status: RejectedStatus; reason: string } | undefined {
  const after = duration(exit.durationMs);
  switch (exit.kind) {
    case 'timed-out':
      return {
        status: 'timed-out',
        reason: `stopped by the time-out after ${after}${because(exit.failure)}`,
      };
    case 'idle-timed-out':
      return {
        status: 'timed-out',
        reason: `stopped after ${after} because it printed nothing for too long${because(exit.failure)}`,
      };
    case 'stopped':
      return { status: 'cancelled', reason: 'stopped by the user' };
    case 'lost':
      return {
        status: 'failed',
        reason:
          'the agent and its supervisor are gone, so its exit status can not be known; its worktree is kept',
      };
    case 'signalled':
      return { status: 'failed', reason: `killed by ${exit.signal ?? 'a signal'}${because(exit.failure)}` };
    default:
      break;
  }
  if (exit.failure) return { status: 'failed', reason: `${exit.failure.kind}: ${exit.failure.message}` };
  if (exit.exitCode !== 0) return { status: 'failed', reason: `exit code ${exit.exitCode ?? 'unknown'}` };
  return undefined;
}

function duration(ms: number): string {
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

function because(failure: AgentFailure | undefined): string {
  return failure ? ` (${failure.kind}: ${failure.message})` : '';
}
