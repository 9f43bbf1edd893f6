import { type AgentDefinition, presets, resolveAgent } from '@pwt/launcher';
import { resolveCommand, runCommand } from '@pwt/process';
import type { ResolvedConfig } from '../config/resolved-config.js';
import type { Environment } from '../project/project.js';
import { type Check, failed, ok } from './check.js';

const VERSION_TIMEOUT_MS = 10_000;

/** The presets whose programs are installed. Runs nothing. */
export async function findAgents(env: Environment, cwd: string): Promise<{ name: string; path: string }[]> {
  const found = await Promise.all(presets.map(async (preset) => locate(preset, env, cwd)));
  return found.filter((agent) => agent !== undefined);
}

/** Which agents are there, in which versions, and whether the configured one is among them. */
export async function checkAgents(
  config: Pick<ResolvedConfig, 'agent'> | undefined,
  env: Environment,
  cwd: string,
): Promise<Check[]> {
  const agents = await findAgents(env, cwd);
  const versions = await Promise.all(
    agents.map(async (agent) => ok('agent', await describeAgent(agent, env, cwd))),
  );
  const configured = await checkConfigured(config, env, cwd);
  if (configured) return [configured, ...versions];
  const fix = agents[0] ? `pwt run --agent ${agents[0].name}` : 'npm install -g @openai/codex';
  const message = agents[0]
    ? 'no agent is named in the configuration'
    : 'none of the known agents is installed';
  return [{ name: 'agent', status: agents[0] ? 'note' : 'warning', message, fix }, ...versions];
}

async function checkConfigured(
  config: Pick<ResolvedConfig, 'agent'> | undefined,
  env: Environment,
  cwd: string,
): Promise<Check | undefined> {
  if (config?.agent === undefined) return undefined;
  try {
    const agent = resolveAgent(config.agent);
    const path = await resolveCommand(agent.command, { cwd, env });
    return ok('agent', `the configured agent ${agent.name} is ${path}`);
  } catch (error) {
    return failed('agent', error);
  }
}

async function locate(
  { name, command }: AgentDefinition,
  env: Environment,
  cwd: string,
): Promise<{ name: string; path: string } | undefined> {
  try {
    return { name, path: await resolveCommand(command, { cwd, env }) };
  } catch {
    // Not installed, or not executable: not an agent that could be used here.
    return undefined;
  }
}

async function describeAgent(
  agent: { name: string; path: string },
  env: Environment,
  cwd: string,
): Promise<string> {
  const args = presets.find(({ name }) => name === agent.name)?.versionArgs;
  const version = args === undefined ? undefined : await askVersion(agent.path, args, env, cwd);
  return `${agent.name} ${version ?? '(does not tell its version)'} at ${agent.path}`;
}

async function askVersion(
  command: string,
  args: readonly string[],
  env: Environment,
  cwd: string,
): Promise<string | undefined> {
  const result = await runCommand({ command, args, cwd, env: definedOf(env), timeoutMs: VERSION_TIMEOUT_MS });
  return result.exitCode === 0 ? result.stdoutTail.trim().split('\n')[0] : undefined;
}

function definedOf(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
