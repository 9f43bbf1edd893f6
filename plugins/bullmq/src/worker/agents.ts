import { isPwtError } from '@pwt/core';
import { examineAgent } from '@pwt/launcher';
import { definitionOf } from '../protocol/agent-definition.js';
import type { WorkerPresence } from '../protocol/presence.js';
import { agentText, type RemoteAgent, sealed } from '../protocol/requirement.js';

export type ExaminedAgent = WorkerPresence['agents'][number];

/** Looks at the agents that are allowed, by the checks of `doctor`: installed, logged in. */
export async function examineAgents(
  agents: readonly RemoteAgent[],
  place: { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd: string },
): Promise<ExaminedAgent[]> {
  return Promise.all(
    agents.map(async (agent) => {
      const name = agentText(sealed(agent));
      try {
        const { problem, diagnostics } = await examineAgent(definitionOf(agent), place, 'bypass');
        if (problem !== undefined) return { name, usable: false, message: problem.message };
        const [note] = diagnostics.filter(({ severity }) => severity === 'warning');
        return { name, usable: true, ...(note === undefined ? {} : { message: note.message }) };
      } catch (error) {
        if (!isPwtError(error)) throw error;
        return { name, usable: false, message: error.message };
      }
    }),
  );
}
