import { type Attempt, defined, type FinishedTask, type LaunchRequest, type Workspace } from '@pwt/core';
import type { RunRequest } from '../protocol/operations.js';
import { MAX_JOB_BYTES } from '../protocol/schemas.js';
import type { LauncherContext } from './context.js';

/** What a timer takes: 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface PromptSettings {
  readonly promptTemplate?: string | undefined;
  readonly marksDone: boolean;
}

/** Everything that a worker needs to start the agent of an attempt, and nothing of this machine. */
export function runRequest(
  {
    repository,
    settings,
    promptTemplate,
    marksDone,
  }: Pick<LauncherContext, 'repository' | 'settings'> & PromptSettings,
  launch: LaunchRequest,
  workspace: Workspace,
): RunRequest {
  const { attempt, task, claims, permission, agent, prompt, finished, continues } = launch;
  const { runId, taskId, number } = attempt;
  const request: RunRequest = {
    ...{ v: 1, repository, workspace, task, claims, permission, marksDone },
    attempt: { runId, taskId, number, ...limitsOf(attempt) },
    agents: settings.agents,
    ...defined({ agent, prompt, promptTemplate, continues }),
  };
  return { ...request, ...defined({ finished: finished && fitting(request, finished) }) };
}

/** As a worker takes them. */
export function limitsOf({
  timeoutMs,
  idleTimeoutMs,
}: Attempt): Pick<Attempt, 'timeoutMs' | 'idleTimeoutMs'> {
  const limit = (ms: number) => Math.min(MAX_TIMER_MS, Math.round(ms));
  return { timeoutMs: limit(timeoutMs), idleTimeoutMs: limit(idleTimeoutMs) };
}

/** What an agent is told of finished tasks: all of it, or as much as fits into a job, the most important first. */
function fitting(request: RunRequest, finished: readonly FinishedTask[]): readonly FinishedTask[] {
  let room = MAX_JOB_BYTES - Buffer.byteLength(JSON.stringify(request)) - 4096;
  const kept: FinishedTask[] = [];
  for (const task of finished) {
    room -= Buffer.byteLength(JSON.stringify(task)) + 1;
    if (room < 0) break;
    kept.push(task);
  }
  return kept;
}
