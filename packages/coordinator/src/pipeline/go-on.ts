import {
  type AgentUsage,
  type CommitId,
  type Continuation,
  defined,
  type MovedOnto,
  type Task,
  type TaskIn,
  taskLists,
  type Workspace,
} from '@pwt/core';
import { checkMoved } from '../contract-check.js';
import type { RunContext } from '../run/run-context.js';
import { answerSays } from './feedback/answer.js';
import { workspaceSays } from './feedback/workspace.js';
import type { Step } from './step.js';

/**
 * Brings the workspace of a task that goes on to the base of this attempt, and records what became of that. Where that
 * conflicts, the merge is in the workspace, for the agent to finish.
 */
export const bringOn: Step<'prepared'> = async (context, task) => {
  const { workspace, outcome } = await broughtOnto(context, { ...task, onto: task.base });
  await context.log.append({ type: 'workspace-moved', taskId: task.task.id, workspace, outcome });
};

/** Brings the workspace of a task onto a commit, with what is in it. */
export async function broughtOnto(
  { parts, stop, log }: RunContext,
  { task, workspace, onto, over }: ToBringOnto,
): Promise<MovedOnto> {
  const { provider } = parts;
  const kept = (reason: string): MovedOnto => ({ workspace, outcome: { status: 'kept', reason } });
  // A merge would bring the removed history back.
  if (over !== undefined) return kept('the target was rewritten since the task began');
  if (provider.moveOnto === undefined) return kept(`${provider.name} moves no workspace`);
  const message = `${task.title}\n\nCommitted by pwt before the next attempt: the agent left this work uncommitted.\n\nPwt-Task: ${task.id}\n`;
  const lists = taskLists(log.state);
  const moved = await provider.moveOnto({ workspace, onto, message, lists, abortSignal: stop.signal });
  return checkMoved(provider.name, moved, workspace);
}

interface ToBringOnto {
  readonly task: Task;
  readonly workspace: Workspace;
  readonly onto: CommitId;
  readonly over?: CommitId | undefined;
}

/** What the agent of an attempt that goes on gets; `undefined` for one that begins as if it were the first. */
export function continuation(context: RunContext, task: TaskIn<'prepared'>): Continuation | undefined {
  const { continues } = task;
  if (continues === undefined) return undefined;
  const { feedback: why, moved } = continues;
  const answer = answerSays(continues.question);
  if (why === '' && answer === undefined && moved?.status !== 'conflicted') return undefined;
  const parts = [why, answer, workspaceSays(moved)];
  const feedback = parts.filter((part) => part !== undefined && part !== '').join('\n\n');
  const sessionId = ownSession(context, task);
  const usedBefore = sessionId === undefined ? undefined : usedIn(task, sessionId);
  const failure = continues.ending.failure?.kind;
  return { feedback, ...defined({ failure, sessionId, usedBefore }) };
}

/** What a session has used in the attempts before. */
function usedIn({ attempts }: TaskIn<'prepared'>, sessionId: string): AgentUsage | undefined {
  const used = attempts.filter((attempt) => attempt.sessionId === sessionId).map(({ figures }) => figures);
  const sum = (field: keyof AgentUsage): number | undefined => {
    const told = used.flatMap((figures) => figures[field] ?? []);
    return told.length === 0 ? undefined : told.reduce((all, one) => all + one, 0);
  };
  const all = defined({
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    costUsd: sum('costUsd'),
  });
  return Object.keys(all).length === 0 ? undefined : all;
}

/** The session of the earlier attempt, if the same agent gets this one, on the same machine: no other can resume it. */
function ownSession(
  { parts }: RunContext,
  { continues, agentName, workspace }: TaskIn<'prepared'>,
): string | undefined {
  if (continues?.machine !== workspace.host) return undefined;
  const now = agentName ?? parts.launcher.agents?.[0]?.name;
  const before = continues?.agent;
  return now === undefined || before === undefined || now === before ? continues?.sessionId : undefined;
}
