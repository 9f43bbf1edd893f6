import {
  type PromptTransport,
  type Setting,
  type SettingKey,
  settingKeys,
  settings,
  type WrittenConfig,
} from '@pwt/default/settings';
import { type Command, Option } from 'commander';
import { usageError } from './usage.js';

/** Flags for what the configuration says inside `agent`; they go with a command after `--`. */
export const agentFlags: { readonly prompt: Setting; readonly env: Setting } = {
  prompt: {
    kind: 'text',
    flag: '--prompt <how>',
    description: 'How a command of your own gets its prompt: stdin, file or argv.',
  },
  env: {
    kind: 'words',
    flag: '--agent-env <name=value>',
    description: 'Environment variables for a command of your own.',
  },
};

/** Values of flags as commander hands them over, by attribute name. */
export type FlagValues = Readonly<Record<string, unknown>>;

/** Gives a command a flag for every setting. */
export function addSettingFlags(command: Command): Command {
  const all = [...settingKeys.map((key) => settings[key]), ...Object.values(agentFlags)];
  for (const { flag, description, kind } of all) {
    const option = new Option(flag, description);
    if (kind === 'boolean') {
      // The form without `no-` comes first: alone, or after it, a `--no-x` would make commander default to true.
      const opposite = new Option(oppositeOf(flag)).hideHelp();
      const [positive, negative] = flag.startsWith('--no-') ? [opposite, option] : [option, opposite];
      command.addOption(positive).addOption(negative);
    } else if (kind === 'list' || kind === 'words' || kind === 'environment') {
      command.addOption(new Option(flag, `${description} May be repeated.`).argParser(append));
    } else {
      command.addOption(option);
    }
  }
  return command;
}

function append(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

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
    if (value !== undefined) written[key] = readValue(settings[key], value);
  }
  const agent = agentOf(flags, agentCommand);
  return { ...written, ...(agent === undefined ? {} : { agent }) } as WrittenConfig;
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
    ...(prompt === undefined ? {} : { prompt }),
    ...(env === undefined ? {} : { env: Object.fromEntries(env) }),
  };
}

function readValue(setting: Setting, value: unknown): unknown {
  switch (setting.kind) {
    case 'number': {
      const number = Number(value);
      if (String(value).trim() === '' || Number.isNaN(number)) {
        throw usageError(`${nameOf(setting.flag)} needs a number, not ${JSON.stringify(value)}.`);
      }
      return number;
    }
    case 'words': {
      const words: Record<string, string[]> = {};
      for (const [kind, word] of pairs(setting, value)) words[kind] = [...(words[kind] ?? []), word];
      return words;
    }
    case 'environment':
      return environmentOf(setting, value);
    default:
      return value;
  }
}

function pairs(setting: Setting, value: unknown): [string, string][] {
  return (value as string[]).map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw usageError(`${nameOf(setting.flag)} needs name=value, not ${JSON.stringify(pair)}.`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}

/** `gate=NPM_TOKEN` passes a variable to the gate, `gate=CI=1` sets one. */
function environmentOf(setting: Setting, value: unknown): WrittenConfig['env'] {
  const roles: Record<string, { pass: string[]; set: Record<string, string> }> = {};
  for (const [role, said] of pairs(setting, value)) {
    roles[role] ??= { pass: [], set: {} };
    const at = said.indexOf('=');
    if (at === -1) roles[role].pass.push(said);
    else roles[role].set[said.slice(0, at)] = said.slice(at + 1);
  }
  return roles;
}

/** `--merge` for `--no-merge` and the other way round: so that a flag can overrule either value of a file. */
function oppositeOf(flag: string): string {
  return flag.startsWith('--no-') ? flag.replace('--no-', '--') : flag.replace('--', '--no-');
}

/** The long name of a flag without its argument: `--max-instances`. */
export function nameOf(flag: string): string {
  return flag.split(' ')[0] ?? flag;
}

/** The property under which commander keeps a flag: `maxInstances`, and `merge` for `--no-merge`. */
export function attributeOf(flag: string): string {
  const name = nameOf(flag).slice(2).replace(/^no-/, '');
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
