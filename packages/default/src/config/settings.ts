import type { Setting } from './setting.js';

/**
 * Every setting, declared once. The types of the configuration, its checks and its JSON schema, the flags and their
 * help, the defaults of a run, and the table in docs/configuration.md come from this table. `npm run settings` writes
 * the schema and the documentation's table.
 */
export const settings = {
  formats: {
    kind: 'references',
    default: ['spec-files'],
    flag: '--task-format <name>',
    description:
      'The formats of the tasks: spec-files, spec-kit, openspec, kiro, bmad, gsd, task-master, backlog-md, beads, conductor, plan-files, agent-os, prompt-folders, markdown-files, json-tasks, issues; see docs/formats.md.',
  },
  specs: {
    kind: 'list',
    atLeastOne: true,
    unset: 'the places that docs/specs.md names',
    flag: '--specs <glob>',
    description: 'Where the specs are, as globs from the root of the checkout.',
  },
  tasks: {
    kind: 'list',
    atLeastOne: true,
    unset: 'none',
    flag: '--tasks <glob>',
    description:
      'Markdown files that are a task each, as globs from the root of the checkout; switches the format markdown-files on.',
  },
  agent: {
    kind: 'agents',
    unset: 'none',
    flag: '--agent <preset>',
    description:
      'The agent: the name of a preset; any command after "--", or {command: […], prompt: "stdin" | "file" | "argv"} in the configuration. Or several, most preferred first: while one is at its quota, tasks start with the next.',
  },
  permission: {
    kind: 'choice',
    choices: ['default', 'accept-edits', 'auto', 'bypass'],
    default: 'default',
    flag: '--permission <level>',
    description: 'What the agent may do without asking: default, accept-edits, auto or bypass.',
  },
  autoApprove: {
    kind: 'boolean',
    default: false,
    flag: '--auto-approve',
    description: 'Let the agent work unattended, at the permission level at which its preset does not ask.',
  },
  promptFile: {
    kind: 'path',
    unset: 'the built-in prompt',
    flag: '--prompt-file <path>',
    description: 'A template for the prompt, from the root of the checkout, instead of the built-in one.',
  },
  sandbox: {
    kind: 'choice',
    choices: ['auto', 'off', 'required'],
    default: 'off',
    flag: '--sandbox <mode>',
    description:
      'Whether agents are confined to what their tasks need: auto (where the machine can), off, or required (or nothing starts); see docs/sandbox.md.',
  },
  sandboxNetwork: {
    kind: 'choice',
    choices: ['open', 'off'],
    default: 'open',
    flag: '--sandbox-network <access>',
    description:
      'The network of agents in the sandbox: open, or off (then no model is reached, nor anything on this machine by a port).',
  },
  sandboxPaths: {
    kind: 'list',
    default: [],
    flag: '--sandbox-path <path>',
    description:
      'Further files and folders that agents in the sandbox may write: absolute, or beginning with ~/.',
  },
  agentPause: {
    kind: 'duration',
    default: '30s',
    flag: '--agent-pause <time>',
    description:
      'How long an agent at its quota is not started for the first time, where it does not say until when; twice as long each further time, up to an hour.',
  },
  agentPatience: {
    kind: 'duration',
    default: '24h',
    flag: '--agent-patience <time>',
    description:
      'The longest a run that can do nothing else waits for an agent at its quota; then it ends, and pwt resume goes on. 0 means no limit.',
  },
  maxCost: {
    kind: 'caps',
    unset: 'no limit',
    flag: '--max-cost <dollars>',
    description: 'The most that agents may cost, in US dollars: 20 for the run, or task=2, run=20, day=50.',
  },
  maxTokens: {
    kind: 'caps',
    unset: 'no limit',
    flag: '--max-tokens <n>',
    description:
      'The most tokens that agents may read and write: 5000000 for the run, or task=500000, run=5000000, day=20000000.',
  },
  onCap: {
    kind: 'choice',
    choices: ['stop', 'finish'],
    default: 'stop',
    flag: '--on-cap <what>',
    description: 'What becomes of agents that run when a cap on cost or tokens is reached: stop or finish.',
  },
  maxInstances: {
    kind: 'number',
    whole: true,
    min: 1,
    max: 1000,
    default: 2,
    flag: '--max-instances <n>',
    description: 'Agents that may run at the same time.',
  },
  timeout: {
    kind: 'duration',
    default: '2h',
    flag: '--timeout <time>',
    description: 'The longest an agent may take, such as 2h; 0 means no limit.',
  },
  idleTimeout: {
    kind: 'duration',
    default: 0,
    flag: '--idle-timeout <time>',
    description: 'The longest an agent may go without any output; 0 means no limit.',
  },
  retries: {
    kind: 'counts',
    names: [
      'gate-red',
      'conflict',
      'no-change',
      'early-crash',
      'gate-timed-out',
      'outside-claims',
      'not-collected',
      'crash',
      'model-error',
      'refused',
      'exit-code',
      'signal',
      'timed-out',
      'idle-timed-out',
      'lost',
    ],
    max: 20,
    default: 1,
    flag: '--retries <n>',
    description:
      'Further attempts at a task by themselves, after a red gate, a merge conflict or an end without a change: a number, or kind=number.',
  },
  onIdle: {
    kind: 'choice',
    choices: ['stop', 'ask'],
    default: 'stop',
    flag: '--on-idle <what>',
    description:
      'What happens with an agent that reaches idleTimeout, or ends with a question and no work: stop, or ask you (pwt answer, pwt stop <id>).',
  },
  target: {
    kind: 'text',
    unset: 'the branch that is checked out',
    flag: '--target <branch>',
    description: 'The branch on which the work lands.',
  },
  autoMerge: {
    kind: 'boolean',
    default: true,
    flag: '--no-merge',
    description:
      'Whether tested work moves the target branch; otherwise it waits on the integration ref for `pwt land`.',
  },
  radar: {
    kind: 'boolean',
    default: true,
    flag: '--no-radar',
    description:
      'Whether a run sees, while agents are at work, where their work collides, and tells their next attempts of it.',
  },
  review: {
    kind: 'boolean',
    default: false,
    flag: '--review',
    description:
      'Whether tested work waits until you land it with `pwt land <ids>`, or send it back with `pwt reject <id>`.',
  },
  markDone: {
    kind: 'boolean',
    default: false,
    flag: '--mark-done',
    description:
      'Whether what lands is marked as done where its format has a place for it (a ticked box, a status), in the commit that the gate tests.',
  },
  remote: {
    kind: 'text',
    default: 'origin',
    flag: '--remote <name>',
    description: 'The remote to which `pwt pr` pushes branches. Nothing else pushes anything.',
  },
  forge: {
    kind: 'choice',
    choices: ['gh', 'glab'],
    unset: "by the remote's address",
    flag: '--forge <program>',
    description: 'Your own program with which `pwt pr` opens pull requests: gh (GitHub) or glab (GitLab).',
  },
  strategy: {
    kind: 'choice',
    choices: ['merge', 'squash', 'rebase'],
    default: 'merge',
    flag: '--strategy <strategy>',
    description:
      "What a task becomes on the target: a merge commit (merge), one commit under the task's title (squash), or one commit with its own author and message (rebase).",
  },
  gate: {
    kind: 'commands',
    unset: 'none',
    flag: '--gate <command>',
    description:
      'A shell command that must succeed in a scratch checkout before work is integrated; or several, {name: command}.',
  },
  gateMode: {
    kind: 'choice',
    choices: ['sequential', 'parallel'],
    default: 'sequential',
    flag: '--gate-mode <mode>',
    description:
      'How several commands of the gate run: sequential, up to the first that fails, or parallel, each to its end.',
  },
  gateTimeout: {
    kind: 'duration',
    default: '30m',
    flag: '--gate-timeout <time>',
    description: 'The longest the gate may take, all of its commands together; 0 means no limit.',
  },
  gateSlots: {
    kind: 'number',
    whole: true,
    min: 1,
    max: 64,
    unset: 'by the machine, and what the gate was seen to need',
    flag: '--gate-slots <n>',
    description: 'Gates that may run at the same time, each in a scratch checkout of its own.',
  },
  setup: {
    kind: 'text',
    unset: 'none',
    flag: '--setup <command>',
    description: 'A shell command run in each new worktree before its agent starts.',
  },
  setupTimeout: {
    kind: 'duration',
    default: '15m',
    flag: '--setup-timeout <time>',
    description: 'The longest the setup command may take; 0 means no limit.',
  },
  env: {
    kind: 'environment',
    unset: 'yours, for the gate without secrets',
    flag: '--env <role=NAME>',
    description:
      'What agents, setup and gate get of your environment: gate=NPM_TOKEN passes a variable, gate=CI=1 sets one.',
  },
  worktree: {
    kind: 'text',
    default: '../{repo}-wt{id}',
    flag: '--worktree <template>',
    description:
      'Where worktrees are made, relative to the checkout; {repo}, {id}, {id3}, {slug} and {run} are filled in.',
  },
  branch: {
    kind: 'text',
    default: 'feature/us-{id3}',
    flag: '--branch <template>',
    description: 'The names of the branches; {repo}, {id}, {id3}, {slug} and {run} are filled in.',
  },
  unknownScope: {
    kind: 'choice',
    choices: ['alone', 'together'],
    default: 'alone',
    flag: '--unknown-scope <policy>',
    description:
      'How tasks run that name no file: alone, or together with others, at the risk of conflicts; see docs/specs.md.',
  },
  separation: {
    kind: 'choice',
    choices: ['strict', 'balanced', 'eager'],
    default: 'balanced',
    flag: '--separation <policy>',
    description: 'What to do with tasks that may conflict: strict, balanced or eager.',
  },
  audit: {
    kind: 'choice',
    choices: ['observe', 'warn', 'strict'],
    default: 'warn',
    flag: '--audit <policy>',
    description: 'What to do when an agent changed more than its task claims: observe, warn or strict.',
  },
  alwaysAllowed: {
    kind: 'list',
    default: [],
    flag: '--always-allowed <glob>',
    description: 'Paths that any task may change without claiming them.',
  },
  vocabulary: {
    kind: 'words',
    names: [
      'fileLabels',
      'fileSections',
      'readingSections',
      'readingLabels',
      'ignoredSections',
      'actionColumns',
      'untouched',
      'hedges',
      'citations',
      'dependencies',
      'estimates',
      'conjunctions',
      'destinations',
      'inside',
      'fileWords',
      'newMarks',
      'taskWords',
      'titlePrefixes',
      'finished',
      'statusLabels',
      'metadataSections',
      'doneStatuses',
      'unfinished',
      'notAwaited',
      'ranges',
      'workingTime',
    ],
    unset: 'English',
    flag: '--vocabulary <kind=word>',
    description: 'Words of other languages with which specs name their files, such as fileLabels=Datei.',
  },
  maxCpuPercent: {
    kind: 'number',
    min: 1,
    max: 100,
    default: 80,
    flag: '--max-cpu-percent <n>',
    description: 'No further agent starts while the CPU is busier than this.',
  },
  maxMemoryPercent: {
    kind: 'number',
    min: 1,
    max: 100,
    default: 80,
    flag: '--max-memory-percent <n>',
    description: 'No further agent starts while more of the memory is in use than this.',
  },
  minDisk: {
    kind: 'size',
    default: '1GB',
    flag: '--min-disk <size>',
    description: 'No further agent starts with less free disk than this, such as 1GB.',
  },
  trashDays: {
    kind: 'number',
    min: 0,
    default: 7,
    flag: '--trash-days <n>',
    description:
      'The least number of days for which snapshots and ignored files of removed worktrees are kept.',
  },
  plugins: {
    kind: 'references',
    default: [],
    flag: '--plugin <module>',
    description: 'Plugins: package names, or paths from the root of the checkout.',
  },
} as const;

export type SettingKey = keyof typeof settings;

/** All keys, in the order in which help and documentation show them. */
export const settingKeys: readonly SettingKey[] = Object.keys(
  settings satisfies Readonly<Record<string, Setting>>,
) as SettingKey[];
