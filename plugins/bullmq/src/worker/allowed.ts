import {
  agentText,
  type RemoteAgent,
  type RemoteGate,
  type RemoteSetup,
  sealed,
} from '../protocol/requirement.js';

/** What the operator of a worker lets others run on it. Nothing else is run. */
export interface Allowed {
  /** Presets by name, and exact definitions, with the values of their variables. */
  readonly agents: readonly RemoteAgent[];
  /** Exact commands. */
  readonly gates: readonly string[];
  readonly setups: readonly string[];
}

/** Why these may not all be run here, in a few words for people; `undefined` if they may. */
export function refusalOf(
  allowed: Allowed,
  wanted: {
    readonly agents?: readonly RemoteAgent[] | undefined;
    readonly gate?: RemoteGate | undefined;
    readonly setup?: RemoteSetup | undefined;
  },
): string | undefined {
  const agents = new Set(allowed.agents.map((one) => exactly(sealed(one))));
  const agent = (wanted.agents ?? []).find((one) => !agents.has(exactly(one)));
  if (agent !== undefined) return `the agent ${shortened(agentText(agent))} is not allowed`;
  const commands = wanted.gate === undefined ? [] : commandsOf(wanted.gate);
  const gate = commands.find((command) => !allowed.gates.includes(command));
  if (gate !== undefined) return `the gate ${shortened(JSON.stringify(gate))} is not allowed`;
  const { setup } = wanted;
  if (setup !== undefined && !allowed.setups.includes(setup.command))
    return `the setup ${shortened(JSON.stringify(setup.command))} is not allowed`;
  return undefined;
}

/** So much of a command is shown: what is said of it must not be lost behind it. */
const SHOWN_CHARACTERS = 150;

function shortened(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS - 1)}…`;
}

/** The operator's own definition of an agent that is asked for; the same agent if there is none. */
export function ownDefinition(allowed: Pick<Allowed, 'agents'>, wanted: RemoteAgent): RemoteAgent {
  return allowed.agents.find((one) => exactly(sealed(one)) === exactly(wanted)) ?? wanted;
}

function commandsOf({ command }: RemoteGate): readonly string[] {
  return typeof command === 'string' ? [command] : Object.values(command);
}

/** Equal for two definitions that start the same program with the same arguments and the same variables. */
function exactly(agent: RemoteAgent): string {
  if (typeof agent === 'string') return JSON.stringify([agent]);
  const env = Object.entries(agent.env ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if ('preset' in agent) {
    const { preset, command, args } = agent;
    const isPlain = command === undefined && args === undefined && env.length === 0;
    return JSON.stringify(isPlain ? [preset] : ['preset', preset, command ?? null, args ?? null, env]);
  }
  return JSON.stringify(['command', agent.command, agent.prompt ?? 'stdin', env]);
}
