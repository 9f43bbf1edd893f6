import type { CapScope } from '@pwt/core';
import type { AgentCommand } from '@pwt/launcher';

/** A time span: a number of milliseconds, or a text such as `90s`, `1h30m`, `2h`. 0 means no limit. */
export type Duration = number | string;

/** An amount of bytes: a number, or a text such as `512MB` or `5GB` (powers of 1024). */
export type Size = number | string;

/** A preset with some of its fields replaced. */
export interface AgentPreset {
  readonly preset: string;
  /** The program, instead of the one that is found on PATH. */
  readonly command?: string;
  /** All of its arguments, instead of the preset's. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The name of a preset, a preset with changes, or a command. */
export type Agent = string | AgentCommand | AgentPreset;

/** The name of a task format, or a plugin's module (package, or path from the project's root), alone or with its options. */
export type Reference = string | readonly [name: string, options: unknown];

/** What children of pwt get of the user's environment. */
export interface EnvironmentSettings {
  /** Variables that it gets although it would not: names, or beginnings written `NPM_*`. */
  readonly pass?: readonly string[];
  /** Variables that it gets with these values. */
  readonly set?: Readonly<Record<string, string>>;
}

/** Whose environment a setting of `env` is about. */
export type EnvironmentRole = 'agent' | 'setup' | 'gate';

/** What a person may write for a setting, by its kind; `choice` and `words` list it in the setting itself. */
export interface WrittenByKind {
  readonly text: string;
  /** One shell command, or several by name, in their order. */
  readonly commands: string | Readonly<Record<string, string>>;
  /** The path of a file, from the root of the checkout. */
  readonly path: string;
  readonly boolean: boolean;
  readonly number: number;
  readonly duration: Duration;
  readonly size: Size;
  readonly list: readonly string[];
  /** One agent, or several, most preferred first. */
  readonly agents: Agent | readonly Agent[];
  /** A cap on a run, or on what it is said to be on. */
  readonly caps: number | Readonly<Partial<Record<CapScope, number>>>;
  readonly environment: Readonly<Partial<Record<EnvironmentRole, EnvironmentSettings>>>;
  readonly references: readonly Reference[];
}

/** What a setting says beyond its kind's type: read by the schema of the configuration. */
interface DetailsByKind {
  readonly number: { readonly min: number; readonly max?: number; readonly whole?: true };
  readonly list: { readonly atLeastOne?: true };
}

/** What holds where a setting is not said: a value as it would be written, or in words what happens then. */
type Otherwise<Written> = { readonly default: Written } | { readonly unset: string };

type Declared<Kind, Written, Details = unknown> = {
  readonly kind: Kind;
  /** As the command line spells it, with its argument. */
  readonly flag: string;
  /** One line for `--help`, for editors and for the documentation. */
  readonly description: string;
} & Otherwise<Written> &
  Details;

type Simple = {
  [K in keyof WrittenByKind]: Declared<
    K,
    WrittenByKind[K],
    K extends keyof DetailsByKind ? DetailsByKind[K] : unknown
  >;
}[keyof WrittenByKind];

/** The declaration of a setting: all that pwt knows of it, as plain data. */
export type Setting =
  | Simple
  /** One of some words. */
  | Declared<'choice', string, { readonly choices: readonly string[] }>
  /** One number for all that it counts by default, or numbers by name; a name that is not said keeps its default. */
  | Declared<
      'counts',
      number | Readonly<Record<string, number>>,
      { readonly names: readonly string[]; readonly max: number }
    >
  /** Lists of words, each list by its name. */
  | Declared<'words', Readonly<Record<string, readonly string[]>>, { readonly names: readonly string[] }>;

/**
 * What holds where a setting is not said, as text.
 *
 * @param code how a value is marked
 */
export function defaultText(setting: Setting, code: (value: string) => string = String): string {
  if ('unset' in setting) return setting.unset;
  const value = setting.default;
  if (!Array.isArray(value)) return code(typeof value === 'object' ? JSON.stringify(value) : String(value));
  if (value.length === 0) return 'none';
  return value.map((entry) => code(String(entry))).join(', ');
}
