import { gitTraceVariables, type LaunchRequest } from '@pwt/core';
import { type GitIdentity, type RoleEnvironment, roleEnvironment } from '@pwt/process';
import type { AgentDefinition } from '../agents/agent-definition.js';

export interface AgentEnvironmentRequest {
  /** The environment that the user started pwt with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly role?: RoleEnvironment | undefined;
  readonly agent: AgentDefinition;
  readonly request: LaunchRequest;
  readonly promptFile: string;
  readonly claimsFile: string;
  /** The file in which the agent states that nothing has to be changed. */
  readonly statementFile: string;
  /** An absolute path at which the spec can be read. */
  readonly spec: string;
  /** The file to which the agent's git tells what it does. */
  readonly gitTrace: string;
  readonly gitIdentity?: GitIdentity | undefined;
  readonly isRoot: boolean;
}

/** The complete environment of an agent; `PWT_MARK` is added by the supervisor. */
export function agentEnvironment(what: AgentEnvironmentRequest): Record<string, string> {
  const { env, role, agent, request, gitIdentity, isRoot } = what;
  const { task, attempt } = request;
  const { workspace } = attempt;
  const level = agent.permissions[request.permission];
  return roleEnvironment({
    env: { ...agent.env, ...env },
    role,
    identity: gitIdentity,
    add: {
      ...level.env,
      ...(isRoot ? level.envAsRoot : {}),
      PWT_RUN_ID: attempt.runId,
      PWT_TASK_ID: task.id,
      PWT_SPEC: what.spec,
      PWT_PROMPT_FILE: what.promptFile,
      PWT_CLAIMS_FILE: what.claimsFile,
      PWT_STATEMENT_FILE: what.statementFile,
      PWT_WORKTREE: workspace.path,
      PWT_BRANCH: workspace.branch ?? '',
      PWT_BASE: workspace.base,
      ...gitTraceVariables(what.gitTrace),
    },
  });
}
