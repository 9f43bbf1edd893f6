import { settingKeys, settings } from '@pwt/default/settings';
import type { CommandEntry } from '../commands.js';
import { agentFlags, configFlag, gateFlags, nameOf } from '../options/config-flags.js';
import type { Suggestion } from './suggestion.js';

/** A flag of a command, as completion needs it. */
export interface KnownFlag {
  /** As the command line spells it, with its argument: `-C, --cwd <directory>`. */
  readonly spelling: string;
  readonly about: string;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
}

const common: readonly KnownFlag[] = [
  { spelling: '-C, --cwd <directory>', about: 'Work in this directory.' },
  { spelling: '--config <file>', about: 'Use this configuration file.' },
  { spelling: '--json', about: 'Print JSON for programs.' },
  { spelling: '-h, --help', about: 'Show help for this command.' },
];

/** All flags of a command: its own, those of the settings, those that every command has. */
export function flagsOf(entry: CommandEntry): readonly KnownFlag[] {
  const own = (entry.flags ?? []).map(([spelling, about]) => ({ spelling, about }));
  return [...own, ...(entry.settings ? settingFlags() : []), ...common];
}

function settingFlags(): readonly KnownFlag[] {
  const declared = settingKeys.map((key) => {
    const setting = settings[key];
    const { flag, description } = configFlag(setting);
    return {
      ...{ spelling: flag, about: description },
      ...('choices' in setting ? { choices: setting.choices } : {}),
    };
  });
  const further = [...Object.values(agentFlags), ...Object.values(gateFlags)];
  return [...declared, ...further.map(({ flag, description }) => ({ spelling: flag, about: description }))];
}

/** The names of a flag: `-C` and `--cwd`. */
export function namesOf({ spelling }: KnownFlag): readonly string[] {
  return spelling.split(/, /).map(nameOf);
}

/** What its argument is called, such as `<directory>`; `undefined` for a flag that takes none. */
export function argumentOf({ spelling }: KnownFlag): string | undefined {
  return /[<[]([a-z-=]+)/.exec(spelling)?.[1];
}

/** The flag of that name. A setting that is on or off also has the opposite name. */
export function flagNamed(flags: readonly KnownFlag[], name: string): KnownFlag | undefined {
  return flags.find((flag) => namesOf(flag).includes(name));
}

/** The long names, with what each is for in one line. */
export function flagSuggestions(flags: readonly KnownFlag[]): readonly Suggestion[] {
  return flags.map((flag) => ({ value: namesOf(flag).at(-1) ?? '', about: flag.about }));
}
