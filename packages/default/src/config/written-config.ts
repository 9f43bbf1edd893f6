import type { AuditPolicy, Permission, SeparationPolicy } from '@pwt/core';

/** A time span: a number of milliseconds, or a text such as `90s`, `1h30m`, `2h`. 0 means no limit. */
export type Duration = number | string;

/** An amount of bytes: a number, or a text such as `512MB` or `5GB` (powers of 1024). */
export type Size = number | string;

/** How an agent gets its prompt: on standard input, as the path of a file, or as its last argument. */
export type PromptTransport = 'stdin' | 'file' | 'argv';

/** A command of your own as agent. */
export interface AgentCommand {
  /** Program and arguments; never a shell string. */
  readonly command: readonly string[];
  /** @default 'stdin' */
  readonly prompt?: PromptTransport;
  /** Environment variables on top of pwt's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A preset with some of its fields replaced. */
export interface AgentPreset {
  readonly preset: string;
  /** The program, instead of the one that is found on PATH. */
  readonly command?: string;
  /** All of its arguments, instead of the preset's. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Words added to those by which the separator recognises labels and headings, in any language. */
export interface VocabularyWords {
  readonly fileLabels?: readonly string[];
  readonly fileSections?: readonly string[];
  readonly readingSections?: readonly string[];
  readonly ignoredSections?: readonly string[];
  readonly untouched?: readonly string[];
  readonly dependencies?: readonly string[];
  readonly estimates?: readonly string[];
}

/** A plugin's module (package name, or path relative to the project's root), alone or with its options. */
export type PluginReference = string | readonly [module: string, options: unknown];

/** What children of pwt get of the user's environment. */
export interface EnvironmentSettings {
  /** Variables that it gets although it would not: names, or beginnings written `NPM_*`. */
  readonly pass?: readonly string[];
  /** Variables that it gets with these values. */
  readonly set?: Readonly<Record<string, string>>;
}

/** Whose environment a setting of `env` is about. */
export type EnvironmentRole = 'agent' | 'setup' | 'gate';

/**
 * The configuration as a person writes it in `pwt.config.*` or under `pwt` in `package.json`: everything
 * is optional. {@link ResolvedConfig} is what the program works with.
 */
export interface WrittenConfig {
  /** For editors only. */
  readonly $schema?: string;
  /** Globs of the spec files, relative to the root of the checkout. */
  readonly specs?: readonly string[];
  /** The name of a preset, a preset with changes, or a command. */
  readonly agent?: string | AgentCommand | AgentPreset;
  readonly permission?: Permission;
  /** Lets the agent work unattended: the preset's own step of the permission ladder. */
  readonly autoApprove?: boolean;
  readonly promptFile?: string;
  readonly maxInstances?: number;
  readonly timeout?: Duration;
  readonly idleTimeout?: Duration;
  readonly target?: string;
  readonly autoMerge?: boolean;
  /** A command line for the shell, run in a scratch checkout of what is about to land. */
  readonly gate?: string;
  readonly gateTimeout?: Duration;
  /** A command line for the shell, run in each new worktree before its agent. */
  readonly setup?: string;
  readonly setupTimeout?: Duration;
  /** What agents, setup and gate get of the user's environment. */
  readonly env?: Readonly<Partial<Record<EnvironmentRole, EnvironmentSettings>>>;
  readonly worktree?: string;
  readonly branch?: string;
  readonly separation?: SeparationPolicy;
  readonly audit?: AuditPolicy;
  readonly alwaysAllowed?: readonly string[];
  readonly vocabulary?: VocabularyWords;
  readonly maxCpuPercent?: number;
  readonly maxMemoryPercent?: number;
  readonly minDisk?: Size;
  readonly trashDays?: number;
  readonly plugins?: readonly PluginReference[];
}

/** The keys that say something; `$schema` is for editors. */
export type SettingKey = Exclude<keyof WrittenConfig, '$schema'>;

/** Types a configuration file; returns its argument. */
export function defineConfig(config: WrittenConfig): WrittenConfig {
  return config;
}
