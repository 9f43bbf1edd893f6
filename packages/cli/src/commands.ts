import type { RunCommand } from './command-context.js';
import { planFormatsText } from './options/plan-format.js';

/** What people do with pwt, in the order of `pwt --help`. */
export type CommandGroup =
  | 'Start'
  | 'Plan'
  | 'Run'
  | 'Look at a run'
  | 'Go on with a run'
  | 'Decide and land'
  | 'Tidy up'
  | 'Help';

/** What can be completed: `tasks` of the repository, `run-tasks` of the newest or named run. */
export type Completes = 'tasks' | 'run-tasks' | 'runs' | 'shells' | 'topics' | 'directories';

/** A command as help shows it, and where its code is. */
export interface CommandEntry {
  readonly name: string;
  /** Under which heading of `pwt --help` it stands. */
  readonly group: CommandGroup;
  /** As commander spells positional arguments. */
  readonly args?: string;
  readonly description: string;
  /** Takes a flag for every setting. */
  readonly settings?: true;
  /** Works without configuration or plugins that are code: what is not approved is left out, without a question. */
  readonly worksWithoutCode?: true;
  /** Takes a command after `--`. */
  readonly agentCommand?: true;
  /** Flags of its own, beside those of the settings. */
  readonly flags?: readonly (readonly [flag: string, description: string])[];
  /** What its positional arguments are, for completion. */
  readonly completes?: Completes;
  /** Loads the code only when the command is run. */
  readonly load: () => Promise<RunCommand>;
}

const RUN_FLAG = ['--run <run-id>', 'That run instead of the newest.'] as const;
const READY_FLAG = ['--ready', 'Only tasks that depend on no unfinished task.'] as const;
const VERBOSE_FLAG = ['-v, --verbose', 'Every claim with its line, all conflicts, the matrix.'] as const;
const YES_FLAG = ['-y, --yes', 'Approve what the configuration of the repository wants to run.'] as const;

/** Every command of pwt, in the order of `pwt --help`. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    group: 'Start',
    description: 'Write pwt.config.json for this project: task formats, agent, test command.',
    flags: [
      ['--force', 'Replace an existing configuration.'],
      ['-y, --yes', 'Ask nothing: read all formats that are found.'],
    ],
    load: async () => (await import('./commands/init.js')).init,
  },
  {
    name: 'plan',
    group: 'Plan',
    completes: 'tasks',
    args: '[ids...]',
    description: 'Show how long a run takes, what starts now, what waits and why, and what to change.',
    settings: true,
    flags: [
      READY_FLAG,
      VERBOSE_FLAG,
      YES_FLAG,
      ['--pairs', 'List pairs of tasks also when there are more than 500 tasks.'],
      ['--format <format>', planFormatsText()],
      [
        '--check',
        'Only check the specs: one finding a line; exit code 1 for a finding of --fail-on or worse.',
      ],
      [
        '--fail-on <severity>',
        'The lowest severity that fails --check: error, warning (the default) or info.',
      ],
    ],
    load: async () => (await import('./commands/plan.js')).plan,
  },
  {
    name: 'explain',
    group: 'Plan',
    completes: 'tasks',
    args: '<ids...>',
    description: 'Show why two tasks may, or may not, run at the same time.',
    load: async () => (await import('./commands/explain.js')).explain,
  },
  {
    name: 'scope',
    group: 'Plan',
    completes: 'tasks',
    args: '[ids...]',
    description:
      'Have the agent propose the files of tasks that name none; you see them before they are written.',
    settings: true,
    agentCommand: true,
    flags: [['--write', 'Show what is proposed, and write it without asking.'], YES_FLAG],
    load: async () => (await import('./commands/scope.js')).scope,
  },
  {
    name: 'run',
    group: 'Run',
    completes: 'tasks',
    args: '[ids...]',
    description:
      'Plan, run, land and report. Ids: 20 21, 20-25, 007-*, a folder, a phase; without ids, all tasks.',
    settings: true,
    agentCommand: true,
    flags: [
      READY_FLAG,
      ['--dry-run', 'Only show the plan.'],
      VERBOSE_FLAG,
      YES_FLAG,
      [
        '--trust-git-config',
        "Trust the new entries of the repository's git configuration since the last run.",
      ],
    ],
    load: async () => (await import('./commands/run.js')).run,
  },
  {
    name: 'status',
    group: 'Look at a run',
    worksWithoutCode: true,
    description: 'Show the current or last run, from any terminal.',
    flags: [
      RUN_FLAG,
      ['--all', 'List all runs.'],
      ['-w, --watch', 'Show it as it goes on, until it has ended or Ctrl-C.'],
    ],
    load: async () => (await import('./commands/status.js')).status,
  },
  {
    name: 'logs',
    group: 'Look at a run',
    completes: 'run-tasks',
    worksWithoutCode: true,
    args: '[ids...]',
    description: 'Show what agents and gates have printed.',
    flags: [
      RUN_FLAG,
      ['-f, --follow', 'Go on with what is printed, until the tasks or the run have ended, or Ctrl-C.'],
      ['--tail <lines>', 'Only the last lines of each.'],
      ['--attempt <n>', 'Those of an earlier attempt, by its number.'],
      ['--gate', "The gate's output instead of the agent's."],
      [
        '--raw',
        'The bytes as they were printed: the events of agents that print some, terminal escapes, nothing else.',
      ],
    ],
    load: async () => (await import('./commands/logs.js')).logs,
  },
  {
    name: 'diff',
    group: 'Look at a run',
    completes: 'run-tasks',
    worksWithoutCode: true,
    args: '[ids...]',
    description: 'Show what tasks have changed so far.',
    flags: [RUN_FLAG, ['--stat', 'Only the changed files.']],
    load: async () => (await import('./commands/diff.js')).diff,
  },
  {
    name: 'radar',
    group: 'Look at a run',
    worksWithoutCode: true,
    description:
      'Show which worktrees collide: with each other, with the branch they are for, or with their claims.',
    flags: [
      ['--onto <commit>', 'What the work is for, instead of the target branch or the run that is under way.'],
      ['--watch', 'Look again whenever something has moved, until Ctrl-C.'],
    ],
    load: async () => (await import('./commands/radar.js')).radar,
  },
  {
    name: 'resume',
    group: 'Go on with a run',
    completes: 'runs',
    args: '[run-id]',
    description: 'Go on with a run after a crash, a reboot or Ctrl-C.',
    settings: true,
    agentCommand: true,
    load: async () => (await import('./commands/resume.js')).resume,
  },
  {
    name: 'answer',
    group: 'Run',
    completes: 'run-tasks',
    worksWithoutCode: true,
    args: '<id> <answer...>',
    description: 'Answer what an agent has asked, or what was asked about one, from any terminal.',
    flags: [RUN_FLAG],
    load: async () => (await import('./commands/answer.js')).answer,
  },
  {
    name: 'stop',
    group: 'Run',
    completes: 'run-tasks',
    worksWithoutCode: true,
    args: '[ids...]',
    description:
      'Stop the active run, from any terminal: let running agents finish, or end them. With ids: stop the agents of these tasks, and cancel the tasks.',
    flags: [['--now', 'End running agents; `pwt resume` starts their tasks over.']],
    load: async () => (await import('./commands/stop.js')).stop,
  },
  {
    name: 'retry',
    group: 'Go on with a run',
    completes: 'run-tasks',
    args: '<ids...>',
    description:
      'Try tasks of a run again that failed, timed out, conflicted or were held: test their work again if the gate or the target has changed; otherwise their agents go on, told what was wrong.',
    settings: true,
    agentCommand: true,
    flags: [
      RUN_FLAG,
      ['--fresh', 'Start them over, in fresh worktrees.'],
      ['-m, --message <text>', 'What to tell the agents: "use the existing helper".'],
      ['--regate', 'Test the work again in any case, and start no agent.'],
      [
        '-y, --yes',
        'Start held tasks over, and take a gate that has changed in the repository, without a question.',
      ],
    ],
    load: async () => (await import('./commands/retry.js')).retry,
  },
  {
    name: 'land',
    group: 'Decide and land',
    completes: 'run-tasks',
    args: '[ids...]',
    description:
      'Move the target branch to what a run has tested: to all of it, or to the work of some tasks and what they depend on.',
    flags: [
      RUN_FLAG,
      ['--onto-rewritten', 'Accept a target that was amended, rebased or reset: put the work on top of it.'],
    ],
    load: async () => (await import('./commands/land.js')).land,
  },
  {
    name: 'resolve',
    group: 'Decide and land',
    completes: 'run-tasks',
    args: '<id>',
    description:
      'Put the conflict of a task into its worktree, for you: edit and commit there, then pwt land goes on with it.',
    flags: [RUN_FLAG],
    load: async () => (await import('./commands/resolve.js')).resolve,
  },
  {
    name: 'reject',
    group: 'Decide and land',
    completes: 'run-tasks',
    args: '<ids...>',
    description:
      'Send tested work that has not landed back to its agent, with the reason, and go on with the run.',
    settings: true,
    agentCommand: true,
    flags: [RUN_FLAG, ['-m, --message <reason>', 'What is to be changed, for the agent to read.']],
    load: async () => (await import('./commands/reject.js')).reject,
  },
  {
    name: 'pr',
    group: 'Decide and land',
    completes: 'run-tasks',
    args: '[ids...]',
    description:
      'Push tested work that has not landed, and open a pull request for each task, or one for all, with your own gh or glab.',
    settings: true,
    flags: [
      RUN_FLAG,
      ['--one', 'One pull request for all of them.'],
      ['--draft', 'Open them as drafts.'],
      YES_FLAG,
    ],
    load: async () => (await import('./commands/pr.js')).pr,
  },
  {
    name: 'done',
    group: 'Run',
    description: 'For agents, in their worktree: state that the task needs no change, and why.',
    flags: [
      ['--no-change', 'Nothing has to be changed.'],
      ['-m, --message <reason>', 'Why: what was checked, and what it said.'],
    ],
    load: async () => (await import('./commands/done.js')).done,
  },
  {
    name: 'clean',
    group: 'Tidy up',
    completes: 'run-tasks',
    args: '[ids...]',
    description: 'Remove worktrees and branches whose work has landed; others stay without a --force flag.',
    flags: [
      ['--dry-run', 'Only show what would be removed.'],
      ['--force-dirty', 'Also remove worktrees with uncommitted work; a snapshot is taken first.'],
      ['--force-unmerged', 'Also remove commits that are on no other branch; a snapshot is taken first.'],
      ['--abandon <ids...>', 'Give up tasks of a run that has not finished: stop their agents first.'],
    ],
    load: async () => (await import('./commands/clean.js')).clean,
  },
  {
    name: 'restore',
    group: 'Tidy up',
    completes: 'run-tasks',
    worksWithoutCode: true,
    args: '[ids...]',
    description:
      'Show the snapshots of tasks (work left uncommitted or in removed worktrees), or restore one.',
    flags: [
      ['--run <run-id>', 'Only the snapshots of that run.'],
      ['--list', 'Only show them; the default.'],
      ['--to <directory>', 'Restore a task in a new worktree there, with what was staged.'],
      ['--branch <name>', 'Restore a task as a new branch.'],
      ['--number <n>', 'That snapshot of the task instead of the newest.'],
    ],
    load: async () => (await import('./commands/restore.js')).restoreCommand,
  },
  {
    name: 'doctor',
    group: 'Start',
    description:
      'Check git, agents, configuration, disk and limits; each problem with the command that fixes it.',
    flags: [['--fix', 'Fix what can be fixed without losing anything, and say what was done.']],
    load: async () => (await import('./commands/doctor.js')).doctor,
  },
  {
    name: 'demo',
    group: 'Start',
    completes: 'directories',
    args: '[directory]',
    description: 'Run everything once in a throw-away repository with a scripted agent.',
    flags: [
      ['--max-instances <n>', 'Agents that run at the same time.'],
      ['--no-compare', 'Skip the second run, which runs the tasks one by one.'],
    ],
    load: async () => (await import('./commands/demo.js')).demo,
  },
  {
    name: 'completion',
    group: 'Help',
    completes: 'shells',
    args: '<shell>',
    description: 'Print the completion of commands, flags and ids for bash, zsh or fish.',
    worksWithoutCode: true,
    load: async () => (await import('./commands/completion.js')).completion,
  },
  {
    name: 'help',
    group: 'Help',
    completes: 'topics',
    args: '[topic...]',
    description: 'Show what a command does, what a topic is about, or what an error means.',
    worksWithoutCode: true,
    load: async () => (await import('./commands/help.js')).helpOn(commands),
  },
];
