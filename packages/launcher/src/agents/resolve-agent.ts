import { PwtError } from '@pwt/core';
import type { AgentDefinition, PermissionLevel, PromptTransport } from './agent-definition.js';
import { presets } from './presets.js';

/** A command of the user's own as agent. */
export interface AgentCommand {
  /** Program and arguments; never a shell string. See {@link AgentDefinition} for the placeholders. */
  readonly command: readonly string[];
  /** @default 'stdin' */
  readonly prompt?: PromptTransport;
  /** Environment variables on top of pwt's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A preset with some of its fields replaced. */
export type PresetOverrides = { readonly preset: string } & Partial<AgentDefinition>;

/** How a configuration names an agent: a preset, a preset with changes, or a command. */
export type AgentConfig = string | AgentCommand | PresetOverrides;

/**
 * The definition that a configuration means.
 *
 * @throws PwtError `PWT_AGENT_UNKNOWN` for a name that is no preset
 * @throws PwtError `PWT_AGENT_INVALID` for an empty command
 */
export function resolveAgent(config: AgentConfig): AgentDefinition {
  if (typeof config === 'string') return presetNamed(config);
  if ('preset' in config) {
    const { preset, ...overrides } = config;
    const { login, ...definition } = presetNamed(preset);
    // Another program may take the question for work.
    const asks = overrides.command === undefined && login !== undefined;
    return { ...definition, ...(asks ? { login } : {}), ...overrides };
  }
  return commandAgent(config);
}

function presetNamed(name: string): AgentDefinition {
  const preset = presets.find((one) => one.name === name);
  if (preset) return preset;
  throw new PwtError('PWT_AGENT_UNKNOWN', `There is no preset for an agent called ${JSON.stringify(name)}.`, {
    hint: `Known agents: ${presets.map((one) => one.name).join(', ')}. For any other command: pwt run -- <command> [args…]`,
    data: { name, known: presets.map((one) => one.name) },
  });
}

/** pwt can't know what a command asks, so every permission level is the same. */
function commandAgent({ command, prompt = 'stdin', env = {} }: AgentCommand): AgentDefinition {
  const [program, ...args] = command;
  if (program === undefined || program === '') {
    throw new PwtError('PWT_AGENT_INVALID', 'The command of the agent is empty.', {
      hint: 'Give the program and its arguments: agent.command: ["my-agent", "--flag"]',
    });
  }
  const level: PermissionLevel = { args: [], env };
  return {
    name: program,
    command: program,
    args,
    prompt,
    permissions: { default: level, 'accept-edits': level, auto: level, bypass: level },
    unattended: 'default',
    dialect: 'lines',
    env: {},
  };
}
