/** Files whose commands are mentions in a help text, or part of another program: no message tells the user to run them. */
export const noHints: Readonly<Record<string, string>> = {
  'packages/cli/src/commands.ts': 'the text of --help',
  'packages/default/src/config/settings.ts': 'the text of --help and of the schema',
  'packages/cli/src/create-program.ts': 'the text of --help',
  'packages/launcher/src/prompt/default-prompt.ts': 'tells the agent what it stands in',
  'packages/launcher/src/prompt/dependencies.ts': 'tells the agent where the rest is',
  'packages/default/src/known-commands/scripts.ts': 'names commands of a project, for its agents to know',
  'packages/coordinator/src/pipeline/feedback/agent-ended.ts': 'tells the agent what to look at',
  'packages/coordinator/src/pipeline/feedback/machine-lost.ts': 'tells the agent what to look at',
  'packages/coordinator/src/pipeline/feedback/no-change.ts': 'tells the agent what to look at',
  'packages/coordinator/src/pipeline/feedback/workspace.ts': 'tells the agent how it ends a merge',
  'packages/repository/src/watch/which-command.ts': 'names of git commands',
  'packages/process/src/supervisor-script.ts': 'a program',
  'packages/git/src/objects/object-reader.ts': 'names a process of git that has failed',
  'packages/cli/src/demo/prepare-demo.ts': 'the name of an author',
  'packages/default/src/init/languages.ts': 'commands for the configuration, which pwt runs itself',
};

/** Why no situation follows a hint; each hint as often as the sources have it. */
const byReason: Readonly<Record<string, readonly string[]>> = {
  'installs a package, which needs the network': [
    ...[
      ...[
        '@openai/codex',
        '@anthropic-ai/claude-code',
        'opencode-ai',
        '@google/gemini-cli',
        '@qwen-code/qwen-code',
      ],
      ...['@github/copilot', '@mariozechner/pi-coding-agent', '@kilocode/cli', 'cline', '@sourcegraph/amp'],
    ].map((name) => `launcher/src/agents/presets.ts: npm install -g ${name}`),
    'doctor/agents.ts: npm install -g @openai/codex',
    'plugins/load-plugins.ts: npm install --save-dev …',
  ],
  'needs workers, and a Redis between them and the project': [
    'remote/address.ts: git remote -v',
    ...['view/machines-text.ts: pwt status', 'inspect/task-diff.ts: pwt restore'],
    ...['launcher/bullmq-launcher.ts: pwt status', 'workspaces/homes.ts: pwt status'],
    'bullmq/src/run-settings.ts: pwt help configuration',
    ...['workspaces/create.ts: pwt clean …', 'workspaces/close.ts: pwt restore …'],
    ...['workspaces/tidy-exchange.ts: pwt clean', 'workspaces/tidy-exchange.ts: pwt restore …'],
    'workspaces/create.ts: pwt clean --force-dirty --force-unmerged …',
    ...['workspaces/known-work.ts: git fsck', 'workspaces/late-work.ts: git diff … …'],
    'workspaces/placement-store.ts: pwt doctor --fix',
  ],
  'needs Windows': ['cli/src/bin.ts: wsl --install', 'default/src/create-coordinator.ts: wsl --install'],
  'needs a person, who has to fill in or choose what is meant': [
    ...['view/question-text.ts: pwt answer … …', 'view/question-text.ts: pwt stop …'],
    ...['notify/src/notification.ts: pwt answer … …', 'notify/src/notification.ts: pwt stop …'],
    ...['git/src/requirements.ts: git switch <branch>', 'doctor/diagnose.ts: git switch <branch>'],
    ...[
      'git/src/requirements.ts: git worktree add <path> <branch>',
      'commands/explain.ts: pwt explain 21 34',
    ],
    ...[
      'commands/explain.ts: pwt explain',
      'commands/explain.ts: pwt explain',
      'plan/matrix-lines.ts: pwt explain',
    ],
    ...[
      'agents/resolve-agent.ts: pwt run -- <command> [args…]',
      'commands/clean.ts: pwt clean --abandon <ids',
    ],
    ...['options/settings-flags.ts: pwt run 20 --prompt file -- my-agent'],
    ...['options/settings-flags.ts: pwt run 20 21 -- my-agent --flag'],
    ...[
      'parts/agent-launcher.ts: pwt run -- my-agent --flag',
      'parts/agent-launcher.ts: pwt run --agent claude',
    ],
    ...['inner/guard-gitlinks.ts: git -C … push <remote> …:refs/heads/<branch>'],
    ...[
      'worktree/src/left-out-findings.ts: git submodule add',
      'inner/commit-inner.ts: git submodule update --init',
      'git/src/verify-merge.ts: git merge',
      'merger/src/merge-again.ts: git merge',
    ],
  ],
  'says what a command will do, and tells the user to run none': [
    'commands/clean.ts: pwt clean after …Z deletes it…',
    'worktree/src/records.ts: git worktree list shows it',
    'commands/reject.ts: pwt reject',
    ...['commands/done.ts: pwt done --no-change -m', 'commands/done.ts: pwt done --no-change'],
    'status/review-steps.ts: pwt reject',
  ],
  'depends on the machine: its size, its disk, its remote, or who owns the repository': [
    ...['doctor/machine.ts: pwt clean', 'doctor/machine.ts: pwt run --max-instances 1'],
    ...['doctor/machine.ts: pwt run --max-instances 1', 'run/preflight.ts: pwt clean'],
    ...['coordinator/src/journal/file-journal.ts: pwt resume', 'coordinator/src/run/run-log.ts: pwt resume'],
    ...['git/src/failure-text.ts: pwt resume', 'git/src/failure-text.ts: pwt resume'],
    ...['git/src/failure-text.ts: pwt resume', 'git/src/failure-text.ts: pwt resume'],
    ...['git/src/failure-text.ts: git -C … fetch', 'git/src/failure-text.ts: pwt run --worktree ../wt{id}'],
    'git/src/failure.ts: git config --global --add safe.directory …',
    'doctor/writable.ts: chmod -R u+rwX …',
  ],
  'needs a forge, and a person who is logged in there': ['pr/forge.ts: pwt pr goes on'],
  'only an embedding program, or two processes in the very same instant, can bring it about': [
    ...[
      'coordinator/src/operations/start.ts: pwt resume …',
      'coordinator/src/operations/history.ts: pwt run',
    ],
    ...['merger/src/git-merger.ts: git update-ref … …', 'merger/src/git-merger.ts: pwt resume'],
    ...['merger/src/candidate.ts: pwt resume', 'merger/src/land.ts: pwt resume'],
    ...[
      'merger/src/land.ts: git -C … status',
      'landing/rewritten.ts: git update-ref refs/pwt/…/integration …',
    ],
    ...['coordinator/src/pipeline/clean-up.ts: pwt clean', 'review/send-back.ts: pwt land'],
  ],
  'the same command as in situations of that file, after something else was in the way; the merger tests have it':
    [
      ...Array.from({ length: 5 }, () => 'merger/src/refusal.ts: pwt land'),
      ...['coordinator/src/run/lookout/unreadable.ts: pwt land', 'status/next-steps.ts: pwt land'],
      ...['core/src/repository-changes.ts: pwt land'],
      ...['coordinator/src/landing/landing-obstacle.ts: pwt land', 'merger/src/behind.ts: pwt land'],
      ...['restore/restore.ts: pwt restore … --branch …', 'view/event-line.ts: pwt restore … --run …'],
      ...['commands/restore.ts: pwt restore', 'doctor/repository.ts: pwt clean', 'doctor/logs.ts: pwt stop'],
      ...[
        'coordinator/src/operations/abandon.ts: pwt resume … finishes the run',
        'clean/clean-workspaces.ts: pwt clean',
      ],
    ],
  'ends a process that hangs, or one of a pwt that has died: the tests of recovery make and end those': [
    ...[
      'doctor/unknown-runs.ts: kill …',
      'doctor/wreckage.ts: kill …',
      'git/src/recovery/recovery.ts: kill …',
    ],
  ],
  'comes at the end of the demo, about the demo': [
    ...['demo/report.ts: cd …', 'demo/report.ts: git log --graph --oneline', 'demo/report.ts: pwt status'],
    ...['demo/report.ts: pwt plan', 'demo/report.ts: pwt logs 8'],
  ],
  'only shows something, of a failure that git itself has to have': [
    'git/src/merge-within.ts: git config --get-regexp "merge[.].*[.]driver"',
    ...[
      "git/src/failure-text.ts: git -C … config --get-regexp '^filter[.]'",
      'git/src/failure-text.ts: git -C … fsck',
    ],
    ...['merger/src/behind.ts: git log …', 'worktree/src/prepare.ts: git -C … status'],
    ...['plan/conflict-lines.ts: pwt explain …'],
    ...[
      'worktree/src/inner/commit-inner.ts: git -C … status',
      'git/src/path-not-utf8.ts: git rev-parse --show-toplevel',
    ],
  ],
  'no test follows it yet': [
    'lookout/intrusion.ts: git -C … log --oneline --branches=… HEAD',
    'operations/questions/ask-run.ts: pwt resume',
    'doctor/diagnose.ts: git config --global user.name "Your Name"',
    ...[
      'inner/commit-inner.ts: pwt resume',
      'inner/guard-gitlinks.ts: pwt resume',
      'inner/guard-gitlinks.ts: pwt resume',
    ],
    ...['inner/guard-gitlinks.ts: git submodule update --init --recursive -- …'],
    ...['inner/guard-gitlinks.ts: git -C … submodule update --init --recursive -- …'],
    ...['worktree/src/left-out-findings.ts: chmod -R u+rwX …'],

    ...['git/src/path-not-utf8.ts: git worktree repair'],
    ...['landing/landing-obstacle.ts: git -C … switch --detach', 'landing/rewritten.ts: git update-ref … …'],
    ...['landing/rewritten.ts: git cherry-pick …'],

    ...['workspace-clone/src/submodules.ts: pwt resume'],
    ...[
      'workspace-clone/src/clone-workspace-provider.ts: pwt resume',
      'workspace-clone/src/submodules.ts: pwt resume',
    ],
    ...['workspace-clone/src/submodules.ts: git -C … rm --cached -- …'],
    ...['workspace-clone/src/submodules.ts: git -C … submodule update --init -- …'],
    ...['workspace-clone/src/submodules.ts: git submodule update --init -- …'],
  ],
};

/** Hints that another test follows as they are printed, by that test. */
export const followedBy: Readonly<Record<string, readonly string[]>> = {
  'packages/worktree/src/require-intact.test.ts': [
    ...['worktree/src/recovery-hint.ts: mv …', 'worktree/src/recovery-hint.ts: git worktree move …'],
    'worktree/src/recovery-hint.ts: pwt retry …',
  ],
  'packages/merger/src/land.test.ts': [
    'merger/src/refusal.ts: git config --file … core.bare false',
    'merger/src/land.ts: git -C …',
  ],
  'packages/merger/src/behind.test.ts': ['merger/src/behind.ts: git update-ref … … …'],
  'packages/worktree/src/inner/collect-inner.test.ts': [
    ...['inner/guard-gitlinks.ts: git -C … rm --quiet --cached -- …', 'inner/guard-gitlinks.ts: mv …/.git …'],
    'inner/guard-gitlinks.ts: pwt resume',
  ],
  'packages/cli/test/damaged.test.ts': [
    ...['doctor/logs.ts: pwt doctor --fix', 'doctor/logs.ts: pwt doctor --fix', 'doctor/logs.ts: kill …'],
    ...['doctor/unknown-runs.ts: pwt doctor --fix', 'doctor/unknown-runs.ts: git branch … …'],
    ...['doctor/wreckage.ts: pwt doctor --fix', 'doctor/wreckage.ts: pwt doctor --fix'],
    ...['doctor/wreckage.ts: pwt doctor --fix', 'doctor/wreckage.ts: rm …', 'doctor/wreckage.ts: rm -r …'],
    ...[
      'coordinator/src/journal/behind.ts: pwt doctor --fix',
      'coordinator/src/journal/decode.ts: pwt doctor --fix',
    ],
    ...['coordinator/src/journal/decode.ts: pwt status --run …', 'worktree/src/records.ts: pwt doctor --fix'],
    'coordinator/src/journal/file-journal-store.ts: pwt doctor --fix',
  ],
  'packages/cli/test/restore.test.ts': [
    ...['commands/restore.ts: pwt restore', 'commands/restore.ts: pwt restore … --to …'],
    'commands/restore.ts: pwt restore … --branch …',
  ],
};

/** Hints that no situation follows, and why. */
export const listed: readonly { readonly name: string; readonly why: string }[] = [
  ...Object.entries(byReason).flatMap(([why, names]) => names.map((name) => ({ name, why }))),
  ...Object.entries(followedBy).flatMap(([test, names]) =>
    names.map((name) => ({ name, why: `see ${test}` })),
  ),
];
