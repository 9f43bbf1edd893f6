import { agentText, type Requirement } from '../protocol/requirement.js';
import { type Allowed, refusalOf } from './allowed.js';

/** What of a worker requirements ask for. */
export interface Abilities {
  readonly labels: Readonly<Record<string, string>>;
  /** Names of the repositories that its operator has named. */
  readonly repositories: readonly string[];
  readonly allowed: Allowed;
  /** Why an agent that is allowed can't be started here; by `agentText`. */
  readonly unusable: ReadonlyMap<string, string>;
}

/** Why the worker does not meet a requirement, in a few words for people; `undefined` if it does. */
export function unmet(requirement: Requirement, worker: Abilities): string | undefined {
  const { repository, runsOn, agents } = requirement;
  if (!worker.repositories.includes(repository)) return `it has no repository ${repository}`;
  for (const [name, value] of Object.entries(runsOn)) {
    const own = Object.hasOwn(worker.labels, name) ? worker.labels[name] : undefined;
    if (own !== value) return `its label ${name} is ${own ?? 'not set'}, not ${value}`;
  }
  const refusal = refusalOf(worker.allowed, requirement);
  if (refusal !== undefined) return refusal;
  for (const agent of agents) {
    const why = worker.unusable.get(agentText(agent));
    if (why !== undefined) return why;
  }
  return undefined;
}
