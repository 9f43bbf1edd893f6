import type { AgentFolder } from './agent-folder.js';

/** In any agent's folder: what tells it what to do is read-only in a sandbox, what it keeps of its work is not. */
const claudeLike = (settings: string) => ({
  [settings]: '{}\n',
  commands: null,
  agents: null,
  skills: null,
  hooks: null,
});

type AgentWithFolders =
  | 'claude'
  | 'codex'
  | 'opencode'
  | 'kilo'
  | 'gemini'
  | 'qwen'
  | 'copilot'
  | 'pi'
  | 'cline'
  | 'goose'
  | 'amp'
  | 'cursor-agent'
  | 'droid';

/** What agents write outside of the worktree, by the names of their presets; from runs of them and their documentation. */
export const folders: Readonly<Record<AgentWithFolders, readonly AgentFolder[]>> = {
  claude: [
    {
      path: '~/.claude',
      variable: 'CLAUDE_CONFIG_DIR',
      keeps: { ...claudeLike('settings.json'), plugins: null, 'CLAUDE.md': '' },
    },
    { path: '~/.claude.json', file: '{}\n' },
  ],
  codex: [
    {
      path: '~/.codex',
      variable: 'CODEX_HOME',
      keeps: { 'config.toml': '', 'AGENTS.md': '', prompts: null, skills: null, rules: null },
    },
  ],
  opencode: [
    { path: '$data/opencode' },
    { path: '$state/opencode' },
    {
      path: '$config/opencode',
      keeps: { 'opencode.json': '{}\n', command: null, agent: null, plugin: null, 'AGENTS.md': '' },
    },
  ],
  kilo: [
    { path: '$data/kilo' },
    { path: '$state/kilo' },
    {
      path: '$config/kilo',
      keeps: { 'kilo.json': '{}\n', command: null, agent: null, plugin: null, 'AGENTS.md': '' },
    },
  ],
  gemini: [
    {
      path: '~/.gemini',
      keeps: { 'settings.json': '{}\n', 'GEMINI.md': '', commands: null, extensions: null, skills: null },
    },
  ],
  qwen: [{ path: '~/.qwen', keeps: { ...claudeLike('settings.json'), 'QWEN.md': '', extensions: null } }],
  copilot: [{ path: '~/.copilot', keeps: { agents: null, skills: null, 'mcp-config.json': '{}\n' } }],
  pi: [{ path: '~/.pi', keeps: {} }],
  cline: [{ path: '~/.cline' }],
  goose: [
    { path: '$data/goose' },
    { path: '$state/goose' },
    { path: '$config/goose', keeps: { 'config.yaml': '{}\n' } },
  ],
  amp: [
    { path: '$data/amp' },
    { path: '$state/amp' },
    { path: '$config/amp', keeps: { 'settings.json': '{}\n' } },
  ],
  'cursor-agent': [
    { path: '~/.cursor', keeps: { 'mcp.json': '{}\n', rules: null, commands: null, 'hooks.json': '{}\n' } },
    { path: '$config/cursor' },
  ],
  droid: [
    {
      path: '~/.factory',
      keeps: { 'settings.json': '{}\n', 'mcp.json': '{}\n', commands: null, droids: null },
    },
  ],
};
