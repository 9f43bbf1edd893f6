import { defined } from '@pwt/core';
import { type AgentDefinition, resolveAgent } from '@pwt/launcher';
import type { RemoteAgent } from './requirement.js';

/**
 * What a launcher starts for an agent as it travels.
 *
 * @throws PwtError `PWT_AGENT_UNKNOWN`, `PWT_AGENT_INVALID`
 */
export function definitionOf(agent: RemoteAgent): AgentDefinition {
  if (typeof agent === 'string') return resolveAgent(agent);
  if ('preset' in agent) {
    const { preset, command, args, env } = agent;
    return resolveAgent({ preset, ...defined({ command, args, env }) });
  }
  const { command, prompt, env } = agent;
  return resolveAgent({ command, ...defined({ prompt, env }) });
}
