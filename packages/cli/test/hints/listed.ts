/** Files whose commands are mentions in a help text, or part of another program: nobody is told to run them. */
export const noHints: Readonly<Record<string, string>> = {
  'packages/cli/src/commands.ts': 'the text of --help',
  'packages/default/src/config/settings.ts': 'the text of --help and of the schema',
  'packages/cli/src/program.ts': 'the text of --help',
  'packages/launcher/src/prompt/default-prompt.ts': 'tells the agent what it stands in',
  'packages/process/src/supervisor-script.ts': 'a program',
  'packages/cli/src/demo/prepare-demo.ts': 'the name of an author',
  'packages/default/src/init/detect-config.ts': 'commands for the configuration, which pwt runs itself',
};

const NETWORK = 'installs a package, which needs the network';
const PRESETS = [
  ...[
    '@openai/codex',
    '@anthropic-ai/claude-code',
    'opencode-ai',
    '@google/gemini-cli',
    '@qwen-code/qwen-code',
  ],
  ...['@github/copilot', '@mariozechner/pi-coding-agent', '@kilocode/cli', 'cline', '@sourcegraph/amp'],
];

/** Hints that no test can follow, and why. */
export const listed: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    PRESETS.map((name) => [`packages/launcher/src/agents/presets.ts: npm install -g ${name}`, NETWORK]),
  ),
  'packages/default/src/doctor/agents.ts: npm install -g @openai/codex': NETWORK,
  'packages/default/src/plugins/load-plugins.ts: npm install --save-dev …': NETWORK,
  'packages/cli/src/commands/init.ts: npm install --save-dev …': NETWORK,
  'packages/cli/src/bin.ts: wsl --install': 'needs Windows',
  'packages/default/src/create-coordinator.ts: wsl --install': 'needs Windows',
};
