import type { SettingKey } from './written-config.js';

/** How the text behind a flag becomes a value of the written configuration. */
export type SettingKind = 'text' | 'number' | 'boolean' | 'list' | 'words' | 'environment';

/** One setting: a key in the configuration file and the flag that overrides it. */
export interface Setting {
  readonly kind: SettingKind;
  /** As the command line spells it, with its argument. */
  readonly flag: string;
  /** One line for `--help` and for editors. */
  readonly description: string;
}

/**
 * Every setting, once. The command line makes its flags from this table, and the schema its descriptions,
 * so that a key without a flag, or a flag without a key, cannot be written.
 */
export const settings: { readonly [K in SettingKey]: Setting } = {
  specs: {
    kind: 'list',
    flag: '--specs <glob>',
    description: 'Where the specs are, as globs from the root of the checkout.',
  },
  agent: {
    kind: 'text',
    flag: '--agent <preset>',
    description:
      'The agent: the name of a preset; any command after "--", or {command: […], prompt: "stdin" | "file" | "argv"} in the configuration.',
  },
  permission: {
    kind: 'text',
    flag: '--permission <step>',
    description: 'What the agent may do without asking: default, accept-edits, auto or bypass.',
  },
  autoApprove: {
    kind: 'boolean',
    flag: '--auto-approve',
    description: "Let the agent work unattended: the preset's own step of the permission ladder.",
  },
  promptFile: {
    kind: 'text',
    flag: '--prompt-file <path>',
    description: 'A template for the prompt, from the root of the checkout, instead of the built-in one.',
  },
  maxInstances: {
    kind: 'number',
    flag: '--max-instances <n>',
    description: 'Agents that may run at the same time.',
  },
  timeout: {
    kind: 'text',
    flag: '--timeout <time>',
    description: 'The longest an agent may take, such as 2h; 0 means no limit.',
  },
  idleTimeout: {
    kind: 'text',
    flag: '--idle-timeout <time>',
    description: 'The longest an agent may go without any output; 0 means no limit.',
  },
  target: {
    kind: 'text',
    flag: '--target <branch>',
    description: 'The branch on which the work lands; without it, the one that is checked out.',
  },
  autoMerge: {
    kind: 'boolean',
    flag: '--no-merge',
    description:
      'Whether tested work moves the target branch; otherwise it waits on the integration ref for `pwt land`.',
  },
  gate: {
    kind: 'text',
    flag: '--gate <command>',
    description: 'A shell command that must succeed in a scratch checkout before work is integrated.',
  },
  gateTimeout: {
    kind: 'text',
    flag: '--gate-timeout <time>',
    description: 'The longest the gate may take; 0 means no limit.',
  },
  setup: {
    kind: 'text',
    flag: '--setup <command>',
    description: 'A shell command run in each new worktree before its agent starts.',
  },
  setupTimeout: {
    kind: 'text',
    flag: '--setup-timeout <time>',
    description: 'The longest the setup command may take; 0 means no limit.',
  },
  env: {
    kind: 'environment',
    flag: '--env <role=NAME>',
    description:
      'What agents, setup and gate get of your environment: gate=NPM_TOKEN passes a variable, gate=CI=1 sets one.',
  },
  worktree: {
    kind: 'text',
    flag: '--worktree <template>',
    description:
      'Where worktrees are made, relative to the checkout; {repo}, {id}, {id3}, {slug} and {run} are filled in.',
  },
  branch: {
    kind: 'text',
    flag: '--branch <template>',
    description: 'The names of the branches; {repo}, {id}, {id3}, {slug} and {run} are filled in.',
  },
  separation: {
    kind: 'text',
    flag: '--separation <policy>',
    description: 'What to do with tasks that only possibly collide: strict, balanced or eager.',
  },
  audit: {
    kind: 'text',
    flag: '--audit <policy>',
    description: 'What to do when an agent changed more than its task claims: observe, warn or strict.',
  },
  alwaysAllowed: {
    kind: 'list',
    flag: '--always-allowed <glob>',
    description: 'Paths that any task may change without claiming them.',
  },
  vocabulary: {
    kind: 'words',
    flag: '--vocabulary <kind=word>',
    description: 'Words of other languages by which specs name their files, such as fileLabels=Datei.',
  },
  maxCpuPercent: {
    kind: 'number',
    flag: '--max-cpu-percent <n>',
    description: 'No further agent starts while the CPU is busier than this.',
  },
  maxMemoryPercent: {
    kind: 'number',
    flag: '--max-memory-percent <n>',
    description: 'No further agent starts while more of the memory is in use than this.',
  },
  minDisk: {
    kind: 'text',
    flag: '--min-disk <size>',
    description: 'No further agent starts with less free disk than this, such as 1GB.',
  },
  trashDays: {
    kind: 'number',
    flag: '--trash-days <n>',
    description: 'For how many days snapshots and the ignored files of removed worktrees are kept at least.',
  },
  plugins: {
    kind: 'list',
    flag: '--plugin <module>',
    description: 'Plugins: package names, or paths from the root of the checkout.',
  },
};

/** All keys, in the order in which help and documentation show them. */
export const settingKeys: readonly SettingKey[] = Object.keys(settings) as SettingKey[];
