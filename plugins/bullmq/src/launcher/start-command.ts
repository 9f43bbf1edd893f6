import { shellQuote } from '@pwt/core';
import type { RemoteAgent, Requirement } from '../protocol/requirement.js';
import { gateRequirement, type RunSettings, taskRequirement } from '../run-settings.js';

/** The command that starts a worker which takes the tasks of a run, and its gate. */
export function startCommand(repository: string, settings: RunSettings): string {
  const flags = [
    ...flagsOf(taskRequirement(repository, settings, {})),
    ...(settings.gate === undefined ? [] : flagsOf(gateRequirement(repository, settings))),
  ];
  return ['pwt worker', ...new Set(flags)].join(' ');
}

/** What has to be added to a worker's command for a requirement. */
export function flagsFor(requirement: Requirement): string {
  const flags = flagsOf(requirement);
  return flags.length === 0 ? '--remote <name>=<url>' : flags.join(' ');
}

function flagsOf({ agents, gate, setup, runsOn }: Requirement): readonly string[] {
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
