import { type AgentInfo, PwtError } from '@pwt/core';
import type { AgentDefinition } from './agent-definition.js';

/** The agents of one launcher, each with a name of its own, most preferred first. */
export class AgentRoster {
  readonly definitions: readonly AgentDefinition[];
  readonly infos: readonly AgentInfo[];

  /** @throws PwtError `PWT_AGENT_INVALID` for an empty list */
  constructor(definitions: readonly AgentDefinition[]) {
    if (definitions.length === 0) {
      throw new PwtError('PWT_AGENT_INVALID', 'The list of agents is empty.', {
        hint: 'Name at least one: agent: ["claude"]',
      });
    }
    this.definitions = withOwnNames(definitions);
    this.infos = this.definitions.map(({ name, resumeArgs, tells }) => ({
      name,
      resumes: resumeArgs !== undefined,
      tells: tells ?? { tokens: false, costUsd: false },
    }));
  }

  /**
   * @param name `undefined`: the first
   * @throws PwtError `PWT_AGENT_UNKNOWN`
   */
  named(name: string | undefined): AgentDefinition {
    const found =
      name === undefined ? this.definitions[0] : this.definitions.find((one) => one.name === name);
    if (found) return found;
    const known = this.definitions.map((one) => one.name);
    throw new PwtError('PWT_AGENT_UNKNOWN', `This run has no agent called ${JSON.stringify(name)}.`, {
      hint: `It has: ${known.join(', ')}. Add the other one to agent in the configuration.`,
      data: { name, known },
    });
  }
}

/** Two of one name, such as one preset with two models, get a number. */
function withOwnNames(definitions: readonly AgentDefinition[]): AgentDefinition[] {
  const taken = new Set<string>();
  return definitions.map((definition) => {
    let name = definition.name;
    for (let number = 2; taken.has(name); number += 1) name = `${definition.name}-${number}`;
    taken.add(name);
    return name === definition.name ? definition : { ...definition, name };
  });
}
