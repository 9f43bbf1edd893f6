import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentLauncher, defined, type Permission, PwtError } from '@pwt/core';
import { ProcessLauncher, resolveAgent } from '@pwt/launcher';
import { agentList } from '../../config/agent-list.js';
import type { ResolvedConfig } from '../../config/resolved-config.js';
import type { Agent } from '../../config/setting.js';
import { knownCommands } from '../../known-commands/known-commands.js';
import type { Project } from '../../project/project.js';
import { identityOf } from './identity.js';

const LADDER: readonly Permission[] = ['default', 'accept-edits', 'auto', 'bypass'];

/**
 * The built-in launcher with the configured agents.
 *
 * @throws PwtError `PWT_AGENT_NOT_CONFIGURED`, `PWT_AGENT_UNKNOWN`, `PWT_AGENT_INVALID`, `PWT_PROMPT_UNREADABLE`
 */
export async function makeLauncher(project: Project, config: ResolvedConfig): Promise<AgentLauncher> {
  const { env, root } = project;
  const { agent, promptFile, env: environment, sandbox, sandboxNetwork, sandboxPaths } = config;
  if (agent === undefined) throw agentMissing();
  let commands: ReturnType<typeof knownCommands> | undefined;
  return new ProcessLauncher({
    agents: agentList(agent).map(resolveAgent),
    env,
    cwd: root,
    startedFolder: join(project.trustDir, 'started-agents'),
    environment: environment?.agent,
    // Once for all agents: what a task adds is for the next run to know.
    commands: () => {
      commands ??= knownCommands(root, config);
      return commands;
    },
    marksDone: config.markDone,
    ...defined({ pwt: project.pwt }),
    gitIdentity: await identityOf(project),
    sandbox: { mode: sandbox, network: sandboxNetwork, paths: sandboxPaths },
    repository: { git: project.git, commonDir: project.repository.commonDir },
    ...(promptFile === undefined ? {} : { promptTemplate: await readPrompt(promptFile) }),
  });
}

/** The permission that agents get: the configured one, or more where they are to work unattended. */
export function effectivePermission({ agent, autoApprove, permission }: ResolvedConfig): Permission {
  if (!autoApprove) return permission;
  // There is one permission for all of them: enough for each.
  const steps = agent === undefined ? ['auto' as const] : agentList(agent).map(unattendedStep);
  return [permission, ...steps].reduce((most, step) =>
    LADDER.indexOf(step) > LADDER.indexOf(most) ? step : most,
  );
}

function unattendedStep(agent: Agent): Permission {
  return resolveAgent(agent).unattended;
}

/** The error for a run without an agent. */
export function agentMissing(): PwtError {
  return new PwtError('PWT_AGENT_NOT_CONFIGURED', 'No agent is configured.', {
    hint: 'Name a preset (pwt run --agent claude), give a command (pwt run -- my-agent --flag), or write `agent` into the configuration (pwt init).',
  });
}

async function readPrompt(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new PwtError('PWT_PROMPT_UNREADABLE', `The prompt template can't be read: ${String(cause)}`, {
      place: { path: file },
      hint: 'Check promptFile in the configuration; it starts at the root of the checkout.',
      cause,
    });
  }
}
