import type { Agent } from './setting.js';

/** The configured agents, most preferred first. Pure. */
export function agentList(agent: Agent | readonly Agent[] | undefined): readonly Agent[] {
  if (agent === undefined) return [];
  return isList(agent) ? agent : [agent];
}

function isList(agent: Agent | readonly Agent[]): agent is readonly Agent[] {
  return Array.isArray(agent);
}
