import type { AgentCheck, Diagnostic, Permission } from '@pwt/core';
import type { AgentDefinition } from '../agents/agent-definition.js';
import { type AgentExamination, type AgentPlace, examineAgent } from './examine-agent.js';

/**
 * Which agents of a list can be started, and what a user should know.
 *
 * @throws PwtError if none can: what is wrong with the first
 */
export async function checkAgents(
  agents: readonly AgentDefinition[],
  place: AgentPlace,
  permission: Permission,
): Promise<AgentCheck> {
  const examined = await Promise.all(agents.map((agent) => examineAgent(agent, place, permission)));
  const usable = examined.filter(({ problem }) => problem === undefined);
  const problem = examined.find((one) => one.problem !== undefined)?.problem;
  if (usable.length === 0 && problem !== undefined) throw problem;
  return {
    usable: usable.map(({ agent }) => agent.name),
    diagnostics: examined.flatMap(({ problem: left, diagnostics }) =>
      left === undefined ? diagnostics : [leftOut(left)],
    ),
  };
}

/** It is in the list, so the user expects it; the others do its work. */
function leftOut({ code, message, hint }: NonNullable<AgentExamination['problem']>): Diagnostic {
  return {
    code,
    severity: 'warning',
    message: `${message} The other agents of the list do its work.`,
    ...(hint === undefined ? {} : { hint }),
  };
}
