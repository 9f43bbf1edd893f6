import { defaultText, type Setting, settingKeys, settings } from '@pwt/default/settings';
import { type Command, Option } from 'commander';

/** How the text behind a flag becomes a value of the written configuration. */
type Reading =
  | 'text'
  | 'number'
  | 'boolean'
  | 'list'
  | 'pairs'
  | 'counts'
  | 'environment'
  | 'agents'
  | 'caps';

/** A flag that sets a part of the configuration. */
export interface ConfigFlag extends Pick<Setting, 'flag' | 'description'> {
  readonly reading: Reading;
  /** The default, as text. */
  readonly otherwise?: string;
}

/** Flags for what the configuration says inside `agent`; they go with a command after `--`. */
export const agentFlags: { readonly prompt: ConfigFlag; readonly env: ConfigFlag } = {
  prompt: {
    reading: 'text',
    flag: '--prompt <how>',
    description: 'How a command of your own gets its prompt: stdin, file or argv.',
  },
  env: {
    reading: 'pairs',
    flag: '--agent-env <name=value>',
    description: 'Environment variables for a command of your own.',
  },
};

/** The flag for a gate of several commands: behind `--gate`, `CI=1 npm test` is one command. */
export const gateFlags: { readonly command: ConfigFlag } = {
  command: {
    reading: 'pairs',
    flag: '--gate-command <name=command>',
    description: 'A command of a gate of several, such as lint="npm run lint", in place of --gate.',
  },
};

const readings: Readonly<Record<Setting['kind'], Reading>> = {
  text: 'text',
  commands: 'text',
  path: 'text',
  choice: 'text',
  duration: 'text',
  size: 'text',
  number: 'number',
  boolean: 'boolean',
  list: 'list',
  references: 'list',
  words: 'pairs',
  counts: 'counts',
  environment: 'environment',
  agents: 'agents',
  caps: 'caps',
};

/** What can be said several times. */
const MANY: readonly Reading[] = ['list', 'pairs', 'counts', 'environment', 'agents', 'caps'];

/** The flag of a setting. */
export function configFlag(setting: Setting): ConfigFlag {
  const { kind, flag, description } = setting;
  return { reading: readings[kind], flag, description, otherwise: defaultText(setting) };
}

/** The line of a flag in `--help`. The name of a `--no-` flag says that the default is on. */
function helpOf({ flag, description, reading, otherwise }: ConfigFlag): string {
  const repeats = MANY.includes(reading) ? ' May be repeated.' : '';
  const fallback = otherwise === undefined || flag.startsWith('--no-') ? '' : ` (default: ${otherwise})`;
  return `${description}${repeats}${fallback}`;
}

/** Values of flags as commander hands them over, by attribute name. */
export type FlagValues = Readonly<Record<string, unknown>>;

/** Gives a command a flag for every setting. */
export function addSettingFlags(command: Command): Command {
  const all = [
    ...settingKeys.map((key) => configFlag(settings[key])),
    ...Object.values(agentFlags),
    ...Object.values(gateFlags),
  ];
  for (const one of all) {
    const { flag, reading } = one;
    const option = new Option(flag, helpOf(one));
    if (reading === 'boolean') {
      // The form without `no-` comes first: alone, or after it, a `--no-x` would make commander default to true.
      const opposite = new Option(oppositeOf(flag)).hideHelp();
      const [positive, negative] = flag.startsWith('--no-') ? [opposite, option] : [option, opposite];
      command.addOption(positive).addOption(negative);
    } else if (MANY.includes(reading)) {
      command.addOption(option.argParser(append));
    } else {
      command.addOption(option);
    }
  }
  return command;
}

function append(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
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
