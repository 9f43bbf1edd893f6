import { defined } from '@pwt/core';
import {
  type PromptTransport,
  type SettingKey,
  settingKeys,
  settings,
  type WrittenConfig,
} from '@pwt/default/settings';
import {
  agentFlags,
  attributeOf,
  type ConfigFlag,
  configFlag,
  type FlagValues,
  gateFlags,
  nameOf,
} from './config-flags.js';
import { usageError } from './usage.js';

/**
 * What the flags of a command line say, in the words of the configuration. Only what was given is in it.
 *
 * @throws PwtError `PWT_USAGE` for a number that is none, and for flags that contradict each other
 */
export function writtenFromFlags(
  flags: FlagValues,
  agentCommand: readonly string[] | undefined,
): WrittenConfig {
  const written: Partial<Record<SettingKey, unknown>> = {};
  for (const key of settingKeys) {
    const value = flags[attributeOf(settings[key].flag)];
    if (value !== undefined) written[key] = readValue(configFlag(settings[key]), value);
  }
  const agent = agentOf(flags, agentCommand);
  const gate = namedGate(flags);
  return { ...written, ...defined({ agent, gate }) } as WrittenConfig;
}

function namedGate(flags: FlagValues): WrittenConfig['gate'] {
  if (flags.gateCommand === undefined) return undefined;
  const { gate } = settings;
  if (flags.gate !== undefined) {
    const both = `${nameOf(gate.flag)} is one command, ${nameOf(gateFlags.command.flag)} one of several: give one of them.`;
    throw usageError(both);
  }
  const commands = pairs(gateFlags.command, flags.gateCommand);
  const twice = commands.find(([name], index) => commands.findIndex(([other]) => other === name) < index);
  if (twice) throw usageError(`Two commands of the gate are called ${twice[0]}.`);
  return Object.fromEntries(commands);
}

function agentOf(flags: FlagValues, command: readonly string[] | undefined): WrittenConfig['agent'] {
  const prompt = flags.prompt as PromptTransport | undefined;
  const env = flags.agentEnv === undefined ? undefined : pairs(agentFlags.env, flags.agentEnv);
  if (command === undefined) {
    if (prompt === undefined && env === undefined) return undefined;
    throw usageError(
      '--prompt and --agent-env go with a command after `--`.',
      'pwt run 20 --prompt file -- my-agent',
    );
  }
  if (command.length === 0)
    throw usageError('There is no command after `--`.', 'pwt run 20 21 -- my-agent --flag');
  if (flags.agent !== undefined)
    throw usageError('Name a preset with --agent, or a command after `--`, not both.');
  return {
    command,
    ...defined({ prompt }),
    ...(env === undefined ? {} : { env: Object.fromEntries(env) }),
  };
}

function readValue(flag: ConfigFlag, value: unknown): unknown {
  switch (flag.reading) {
    case 'number':
      return numberOf(flag, value);
    case 'counts':
      return countsOf(flag, value as string[]);
    case 'pairs': {
      const words: Record<string, string[]> = {};
      for (const [kind, word] of pairs(flag, value)) words[kind] = [...(words[kind] ?? []), word];
      return words;
    }
    case 'environment':
      return environmentOf(flag, value);
    case 'agents': {
      const names = (value as string[]).flatMap((said) => said.split(','));
      return names.length === 1 ? names[0] : names;
    }
    case 'caps':
      return capsOf(flag, value as string[]);
    default:
      return value;
  }
}

function numberOf(flag: ConfigFlag, value: unknown): number {
  const number = Number(value);
  if (String(value).trim() !== '' && !Number.isNaN(number)) return number;
  throw usageError(`${nameOf(flag.flag)} needs a number, not ${JSON.stringify(value)}.`);
}

/** `2` for all, or `conflict=2`, as often as there are names. */
function countsOf(flag: ConfigFlag, values: readonly string[]): number | Record<string, number> {
  const [first] = values;
  if (values.length === 1 && first !== undefined && !first.includes('=')) return numberOf(flag, first);
  return Object.fromEntries(pairs(flag, values).map(([name, value]) => [name, numberOf(flag, value)]));
}

/** `20` is for the run, `task=2` for each task. */
function capsOf(flag: ConfigFlag, said: readonly string[]): Readonly<Record<string, number>> {
  const caps = said.map((text) => {
    const at = text.indexOf('=');
    return at === -1
      ? ['run', numberOf(flag, text)]
      : [text.slice(0, at), numberOf(flag, text.slice(at + 1))];
  });
  return Object.fromEntries(caps) as Readonly<Record<string, number>>;
}

function pairs(flag: ConfigFlag, value: unknown): [string, string][] {
  return (value as string[]).map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw usageError(`${nameOf(flag.flag)} needs name=value, not ${JSON.stringify(pair)}.`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}

/** `gate=NPM_TOKEN` passes a variable to the gate, `gate=CI=1` sets one. */
function environmentOf(flag: ConfigFlag, value: unknown): WrittenConfig['env'] {
  const roles: Record<string, { pass: string[]; set: Record<string, string> }> = {};
  for (const [role, said] of pairs(flag, value)) {
    roles[role] ??= { pass: [], set: {} };
    const at = said.indexOf('=');
    if (at === -1) roles[role].pass.push(said);
    else roles[role].set[said.slice(0, at)] = said.slice(at + 1);
  }
  return roles;
}
