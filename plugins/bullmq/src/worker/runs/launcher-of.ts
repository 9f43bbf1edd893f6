import { join } from 'node:path';
import type { Attempt, LaunchRequest } from '@pwt/core';
import { defined } from '@pwt/core';
import { fallbackIdentity, readIdentity } from '@pwt/git';
import { ProcessLauncher } from '@pwt/launcher';
import { definitionOf } from '../../protocol/agent-definition.js';
import type { RunRequest } from '../../protocol/operations.js';
import { ownDefinition } from '../allowed.js';
import type { WorkerContext, WorkerRepository } from '../context.js';
import type { RunRecord } from './records.js';

/** A stopped agent may take this long to end by itself: its tree is to be gone within five seconds. */
const STOP_GRACE_MS = 3000;

/** What starts the agents of a request, and finds them again: with the operator's environment, and under the operator's limits. */
export async function launcherOf(
  context: Pick<WorkerContext, 'allowed' | 'env' | 'stateDir' | 'sandbox' | 'clock'>,
  { mirror }: Pick<WorkerRepository, 'mirror'>,
  { agents, promptTemplate, marksDone }: Pick<RunRequest, 'agents'> & Partial<RunRequest>,
): Promise<ProcessLauncher> {
  const { allowed, env, stateDir, sandbox, clock } = context;
  return new ProcessLauncher({
    agents: agents.map((agent) => definitionOf(ownDefinition(allowed, agent))),
    ...{ env, clock, cwd: stateDir, stopGraceMs: STOP_GRACE_MS },
    startedFolder: join(stateDir, 'started-agents'),
    sandbox: { mode: sandbox },
    repository: { git: mirror.git, commonDir: mirror.commonDir },
    gitIdentity: (await readIdentity(mirror.git)) ?? fallbackIdentity,
    ...defined({ promptTemplate, marksDone }),
  });
}

/** The attempt as the launcher of this machine knows it. */
export function attemptOf(
  repository: Pick<WorkerRepository, 'attemptDir'>,
  { attempt, workspace }: Pick<RunRecord, 'attempt' | 'workspace'>,
): Attempt {
  return { ...attempt, workspace, stateDir: repository.attemptDir(attempt) };
}

export function launchRequestOf(
  repository: Pick<WorkerRepository, 'attemptDir'>,
  request: RunRequest,
): LaunchRequest {
  const { task, claims, permission, agent, prompt, finished, continues } = request;
  return {
    ...{ attempt: attemptOf(repository, request), task, claims, permission },
    ...defined({ agent, prompt, finished, continues }),
  };
}
