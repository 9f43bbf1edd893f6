import { shellQuote } from '@pwt/core';
import type { WorkerPresence } from '../protocol/presence.js';
import { agentText, type RemoteAgent, type Requirement } from '../protocol/requirement.js';

/**
 * What has to be added to the commands of workers that refuse a requirement; `undefined` if that helps none of them: what they need is
 * not there, such as the agent's program.
 */
export function flagsFor(
  requirement: Requirement,
  refusing: readonly { readonly worker: WorkerPresence; readonly why: string }[],
): string | undefined {
  const curable = refusing.filter(({ worker, why }) => !isUnusable(worker, why));
  const flags = new Set(curable.flatMap(({ worker }) => missingFlags(requirement, worker)));
  return flags.size === 0 ? undefined : [...flags].join(' ');
}

/** Which gates and set-ups a worker allows, it does not say. */
function missingFlags(
  requirement: Requirement,
  { labels, agents, repositories }: WorkerPresence,
): readonly string[] {
  const { repository, runsOn } = requirement;
  const allowed = new Set(agents.map(({ name }) => name));
  const lacks = Object.entries(runsOn).filter(
    ([name, value]) => !Object.hasOwn(labels, name) || labels[name] !== value,
  );
  return [
    ...(repositories.includes(repository) ? [] : [`--remote ${repository}=<url>`]),
    ...flagsOf({
      ...requirement,
      runsOn: Object.fromEntries(lacks),
      agents: requirement.agents.filter((agent) => !allowed.has(agentText(agent))),
    }),
  ];
}

/** It allows the agent, and says why that can't be started; the end may be cut off. */
function isUnusable({ agents }: WorkerPresence, why: string): boolean {
  return agents.some(({ usable, message }) => !usable && message?.startsWith(why) === true);
}

/** What a worker's command must have for a requirement, one by one. */
export function flagsOf({ agents, gate, setup, runsOn }: Requirement): readonly string[] {
  const gates =
    gate === undefined ? [] : typeof gate.command === 'string' ? [gate.command] : Object.values(gate.command);
  return [
    ...agents.map((agent) => `--allow-agent ${shellQuote(agentValue(agent))}`),
    ...gates.map((command) => `--allow-gate ${shellQuote(command)}`),
    ...(setup === undefined ? [] : [`--allow-setup ${shellQuote(setup.command)}`]),
    ...Object.entries(runsOn).map(([name, value]) => `--label ${shellQuote(`${name}=${value}`)}`),
  ];
}

/** As `--allow-agent` takes it: the name of a preset, or a definition as the configuration has it, but for the values of variables. */
function agentValue(agent: RemoteAgent): string {
  if (typeof agent === 'string') return agent;
  const { env } = agent;
  const names = env && Object.fromEntries(Object.keys(env).map((name) => [name, '…']));
  return JSON.stringify({ ...agent, env: names });
}
