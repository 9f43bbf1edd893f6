import { type Diagnostic, defined } from '@pwt/core';
import { type AgentConfig, type AgentDefinition, examineAgent, presets, resolveAgent } from '@pwt/launcher';
import { resolveCommand, runCommand } from '@pwt/process';
import { budgetOf } from '../config/budget.js';
import type { ResolvedConfig } from '../config/resolved-config.js';
import { unmeasuredCaps } from '../operations/run/unmeasured-caps.js';
import type { Environment } from '../project/project.js';
import { type Check, failed, ok } from './check.js';

const VERSION_TIMEOUT_MS = 10_000;

/** The presets whose programs are installed. Runs nothing. */
export async function findAgents(env: Environment, cwd: string): Promise<{ name: string; path: string }[]> {
  const found = await Promise.all(presets.map(async (preset) => locate(preset, env, cwd)));
  return found.filter((agent) => agent !== undefined);
}

/** Which agents are there, in which versions, and whether those that are configured can work. */
export async function checkAgents(
  config: ResolvedConfig | undefined,
  env: Environment,
  cwd: string,
): Promise<Check[]> {
  const agents = await findAgents(env, cwd);
  const configured = config?.agent === undefined ? [] : [config.agent].flat();
  const [versions, checked] = await Promise.all([
    Promise.all(agents.map((agent) => checkInstalled(agent, env, cwd))),
    Promise.all(configured.map((agent) => checkConfigured(agent, config as ResolvedConfig, env, cwd))),
  ]);
  if (checked.length > 0) return [...checked.flat(), ...versions];
  const fix = agents[0] ? `pwt run --agent ${agents[0].name}` : 'npm install -g @openai/codex';
  const message = agents[0]
    ? 'no agent is named in the configuration'
    : 'none of the known agents is installed';
  return [{ name: 'agent', status: agents[0] ? 'note' : 'warning', message, fix }, ...versions];
}

/** What a run would say of an agent before it starts it. */
async function checkConfigured(
  configured: AgentConfig,
  config: ResolvedConfig,
  env: Environment,
  cwd: string,
): Promise<Check[]> {
  try {
    const agent = resolveAgent(configured);
    const { effectivePermission } = await import('../composition/parts/agent-launcher.js');
    const place = { env, cwd, environment: config.env?.agent };
    const { problem, diagnostics } = await examineAgent(agent, place, effectivePermission(config));
    if (problem) return [failed('agent', problem)];
    const path = await resolveCommand(agent.command, { cwd, env });
    const notes = [...diagnostics, ...capsOf(agent, config)];
    return [ok('agent', `the configured agent ${agent.name} is ${path}`), ...notes.map(toCheck)];
  } catch (error) {
    return [failed('agent', error)];
  }
}

/** The caps that do not hold for it. */
function capsOf({ name, tells }: AgentDefinition, config: ResolvedConfig): Diagnostic[] {
  const told = { name, resumes: false, tells: tells ?? { tokens: false, costUsd: false } };
  return unmeasuredCaps(budgetOf(config), { name, agents: [told] });
}

function toCheck({ severity, message, hint }: Diagnostic): Check {
  return {
    name: 'agent',
    status: severity === 'info' ? 'note' : 'warning',
    message,
    ...defined({ fix: hint }),
  };
}

/** One that is there, in which version, and whether it is logged in. */
async function checkInstalled(
  agent: { readonly name: string; readonly path: string },
  env: Environment,
  cwd: string,
): Promise<Check> {
  const definition = resolveAgent(agent.name);
  const [text, { problem, diagnostics }] = await Promise.all([
    describeAgent(agent, env, cwd),
    examineAgent(definition, { env, cwd }, definition.unattended),
  ]);
  const login = problem ?? diagnostics.find(({ code }) => code === 'PWT_AGENT_NOT_LOGGED_IN');
  if (login === undefined) return ok('agent', text);
  const state = problem ? 'not logged in' : 'no sign of a login';
  return { name: 'agent', status: 'note', message: `${text}, ${state}`, ...defined({ fix: login.hint }) };
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
