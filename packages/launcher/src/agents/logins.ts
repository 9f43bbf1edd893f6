import type { LoginCheck } from './agent-definition.js';

/** A configuration of codex with a provider or an address of the user's own. */
const OTHER_PROVIDER = 'model_provider|openai_base_url|chatgpt_base_url|oss_provider';

/** The keys that agents for many models look for; the first that come to a user's mind. */
const PROVIDER_KEYS: readonly string[] = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_OAUTH_TOKEN',
  'OPENAI_API_KEY',
  'OPENROUTER_API_KEY',
  'GEMINI_API_KEY',
  'GOOGLE_GENERATIVE_AI_API_KEY',
  'GROQ_API_KEY',
  'MISTRAL_API_KEY',
  'XAI_API_KEY',
  'DEEPSEEK_API_KEY',
  'ZAI_API_KEY',
  'AI_GATEWAY_API_KEY',
  'AZURE_OPENAI_API_KEY',
  'AWS_PROFILE',
  'AWS_ACCESS_KEY_ID',
  'AWS_BEARER_TOKEN_BEDROCK',
  'GITHUB_TOKEN',
];

/** The answer of `opencode auth list`: no credentials, and no variable that it knows. */
const NO_CREDENTIALS = '^(?![\\s\\S]*environment variable)[\\s\\S]*\\b0 credentials';

type AskedAgent = 'codex' | 'claude' | 'opencode' | 'gemini' | 'qwen' | 'copilot' | 'pi' | 'kilo' | 'cline';

/** How to see of each agent whether it is logged in, as data. The answers are those of the versions in `presets.ts`. */
export const logins: Readonly<Record<AskedAgent, LoginCheck>> = {
  codex: {
    command: 'codex login',
    instead: {
      env: ['CODEX_API_KEY', 'CODEX_ACCESS_TOKEN'],
      files: [
        { in: ['$CODEX_HOME', '~/.codex'], path: 'auth.json' },
        // A provider of one's own needs no login with OpenAI.
        { in: ['$CODEX_HOME', '~/.codex'], path: 'config.toml', holds: OTHER_PROVIDER },
        { in: ['.'], path: '.codex/config.toml', holds: OTHER_PROVIDER },
      ],
      args: `${OTHER_PROVIDER}|--oss|--local-provider|--profile|-p `,
    },
    args: ['login', 'status'],
    not: { exitCode: 1, says: 'not logged in' },
    isCertain: true,
  },
  claude: {
    command: 'claude auth login',
    instead: {
      env: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'],
      files: [
        { in: ['$CLAUDE_CONFIG_DIR', '~/.claude'], path: '.credentials.json', holds: 'accessToken' },
        ...['settings.json', 'settings.local.json'].map((name) => ({
          in: ['.'],
          path: `.claude/${name}`,
          holds: 'apiKeyHelper|ANTHROPIC_|CLAUDE_CODE_USE_',
        })),
      ],
      args: '--settings|--bare',
    },
    args: ['auth', 'status'],
    not: { exitCode: 1, says: '"loggedIn":\\s*false' },
    isCertain: true,
  },
  opencode: {
    command: 'opencode auth login',
    instead: {
      env: ['OPENCODE_CONFIG', 'OPENCODE_CONFIG_CONTENT', ...PROVIDER_KEYS],
      files: [
        { in: ['$XDG_DATA_HOME', '~/.local/share'], path: 'opencode/auth.json', holds: '"type"' },
        ...['opencode.json', 'opencode.jsonc'].flatMap((path) => [
          { in: ['$XDG_CONFIG_HOME', '~/.config'], path: `opencode/${path}`, holds: '"provider"' },
          { in: ['.'], path, holds: '"provider"' },
        ]),
      ],
    },
    args: ['auth', 'list'],
    not: { exitCode: 0, says: NO_CREDENTIALS },
    isCertain: false,
  },
  gemini: {
    command: 'gemini',
    instead: {
      env: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENAI_USE_VERTEXAI', 'GOOGLE_GENAI_USE_GCA'],
      files: [
        { in: ['~'], path: '.gemini/oauth_creds.json' },
        { in: ['~'], path: '.gemini/settings.json', holds: '"(?:selectedType|selectedAuthType)"' },
        { in: ['.'], path: '.gemini/settings.json', holds: '"(?:selectedType|selectedAuthType)"' },
        { in: ['~'], path: '.gemini/.env' },
        { in: ['.'], path: '.gemini/.env' },
        { in: ['.'], path: '.env', holds: 'GEMINI_API_KEY|GOOGLE_' },
      ],
    },
    isCertain: false,
  },
  qwen: {
    command: 'qwen auth',
    instead: {
      env: ['OPENAI_API_KEY', 'DASHSCOPE_API_KEY', 'ANTHROPIC_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_API_KEY'],
      files: [
        { in: ['~'], path: '.qwen/oauth_creds.json' },
        { in: ['~'], path: '.qwen/settings.json', holds: '"(?:selectedType|selectedAuthType)"' },
        { in: ['.'], path: '.qwen/settings.json', holds: '"(?:selectedType|selectedAuthType)"' },
        { in: ['~'], path: '.qwen/.env' },
        { in: ['.'], path: '.qwen/.env' },
        { in: ['.'], path: '.env', holds: 'API_KEY' },
      ],
      args: '--openai-api-key|--auth-type',
    },
    args: ['auth', 'status'],
    not: { exitCode: 0, says: 'no authentication method configured' },
    isCertain: false,
  },
  copilot: {
    command: 'copilot login',
    instead: {
      env: ['COPILOT_GITHUB_TOKEN', 'GH_TOKEN', 'GITHUB_TOKEN', 'COPILOT_PROVIDER_BASE_URL'],
      files: [
        {
          in: ['$COPILOT_HOME', '~/.copilot'],
          path: 'config.json',
          holds: 'logged_in_users|loggedInUsers|token',
        },
        { in: ['$GH_CONFIG_DIR', '~/.config/gh'], path: 'hosts.yml' },
      ],
    },
    isCertain: false,
  },
  pi: {
    command: 'pi',
    instead: {
      env: PROVIDER_KEYS,
      files: [
        { in: ['$PI_CODING_AGENT_DIR', '~/.pi/agent'], path: 'auth.json', holds: '"type"' },
        { in: ['$PI_CODING_AGENT_DIR', '~/.pi/agent'], path: 'models.json' },
      ],
      args: '--api-key',
    },
    isCertain: false,
  },
  kilo: {
    command: 'kilo auth login',
    instead: {
      env: ['KILO_CONFIG', 'KILO_CONFIG_CONTENT', 'KILO_API_KEY', ...PROVIDER_KEYS],
      files: [
        { in: ['$XDG_DATA_HOME', '~/.local/share'], path: 'kilo/auth.json', holds: '"type"' },
        ...['kilo.json', 'kilo.jsonc', 'opencode.json', 'opencode.jsonc'].flatMap((path) => [
          { in: ['$XDG_CONFIG_HOME', '~/.config'], path: `kilo/${path}`, holds: '"provider"' },
          { in: ['.'], path, holds: '"provider"' },
        ]),
      ],
    },
    args: ['auth', 'list'],
    not: { exitCode: 0, says: NO_CREDENTIALS },
    isCertain: false,
  },
  cline: {
    command: 'cline auth',
    instead: {
      env: PROVIDER_KEYS,
      files: [
        { in: ['$CLINE_DIR', '~/.cline'], path: 'data/settings/providers.json' },
        { in: ['$CLINE_DIR', '~/.cline'], path: 'data/secrets.json' },
      ],
      args: '--key|-k ',
    },
    isCertain: false,
  },
};
