import type { LaunchRequest } from '@pwt/core';
import { cleanEnvironment } from '@pwt/process';
import type { AgentDefinition } from '../agents/agent-definition.js';

/** Who an agent's commits are by. */
export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

export interface AgentEnvironmentRequest {
  /** The environment that the user started pwt with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly agent: AgentDefinition;
  readonly request: LaunchRequest;
  readonly promptFile: string;
  readonly claimsFile: string;
  /** An absolute path at which the spec can be read. */
  readonly spec: string;
  readonly gitIdentity?: GitIdentity;
  readonly isRoot: boolean;
}

/**
 * `GIT_*` variables of the user that an agent gets: those that say who the user is and how git reaches their
 * configuration and remotes. The others (`GIT_DIR`, `GIT_INDEX_FILE`, …), set by a surrounding hook or alias,
 * would turn every git command of the agent to another repository.
 */
const KEPT_GIT_VARIABLES =
  /^GIT_((AUTHOR|COMMITTER)_(NAME|EMAIL)|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)|EXEC_PATH|ASKPASS|SSH|SSH_COMMAND|SSL_\w+)$/;

/** Nobody is there to type a password or to close an editor. */
const UNATTENDED_GIT = { GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true', GIT_SEQUENCE_EDITOR: 'true' };

/** The complete environment of an agent; `PWT_MARK` is added by the supervisor. */
export function agentEnvironment(what: AgentEnvironmentRequest): Record<string, string> {
  const { env, agent, request, gitIdentity, isRoot } = what;
  const { task, workspace } = request;
  const step = agent.permissions[request.permission];
  const keptGit = Object.entries(env).filter(([name]) => KEPT_GIT_VARIABLES.test(name));
  return cleanEnvironment(
    { ...agent.env, ...env },
    {
      strip: ['GIT_*'],
      add: {
        ...Object.fromEntries(keptGit),
        ...UNATTENDED_GIT,
        ...identityVariables(gitIdentity),
        ...step.env,
        ...(isRoot ? step.envAsRoot : {}),
        PWT_RUN_ID: request.runId,
        PWT_TASK_ID: task.id,
        PWT_SPEC: what.spec,
        PWT_PROMPT_FILE: what.promptFile,
        PWT_CLAIMS_FILE: what.claimsFile,
        PWT_WORKTREE: workspace.path,
        PWT_BRANCH: workspace.branch ?? '',
        PWT_BASE: workspace.base,
      },
    },
  );
}

function identityVariables(identity: GitIdentity | undefined): Record<string, string> {
  if (!identity) return {};
  const { name, email } = identity;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}
