import type { LaunchRequest } from '@pwt/core';
import type { AgentDefinition } from '../agents/agent-definition.js';

/**
 * An id as agents give them: a UUID, `ses_…`. It comes from an agent's output, so nothing is taken for one that a program
 * could take for an option.
 */
const SESSION_ID = /^[A-Za-z0-9][\w.:-]{0,199}$/;

/** The agent's own session that the attempt continues; `undefined`: it starts anew. */
export function sessionOf(agent: AgentDefinition, { continues }: LaunchRequest): string | undefined {
  const id = continues?.sessionId;
  return agent.resumeArgs !== undefined && id !== undefined && SESSION_ID.test(id) ? id : undefined;
}
