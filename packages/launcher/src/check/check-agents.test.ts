import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Permission } from '@pwt/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { env, makePlace } from '../../test/support.js';
import type { AgentConfig } from '../agents/resolve-agent.js';
import { resolveAgent } from '../agents/resolve-agent.js';
import { checkAgents } from './check-agents.js';

let root: string;
let home: string;
let bin: string;

beforeEach(async () => {
  root = (await makePlace()).root;
  home = join(root, 'home');
  bin = join(root, 'bin');
  await Promise.all([mkdir(home), mkdir(bin)]);
});

/** A program that stands for an agent: it keeps how it was asked, and answers with a text and an exit code. */
async function install(name: string, answer: string, exitCode: number): Promise<void> {
  const path = join(bin, name);
  const text = `#!/bin/sh\nprintf '%s\\n' "$*" "$PWD" >> '${join(root, `asked-${name}`)}'\nprintf '%s\\n' '${answer}'\nexit ${exitCode}\n`;
  await writeFile(path, text);
  await chmod(path, 0o755);
}

const asked = async (name: string) =>
  existsSync(join(root, `asked-${name}`)) ? readFile(join(root, `asked-${name}`), 'utf8') : '';

function check(
  agents: readonly AgentConfig[],
  { permission = 'bypass' as Permission, ...more }: { permission?: Permission; [name: string]: string } = {},
) {
  const place = { env: { PATH: `${bin}:${env.PATH}`, HOME: home, ...more }, cwd: root };
  return checkAgents(
    agents.map((one) => resolveAgent(one)),
    place,
    permission,
  );
}

describe('an agent that is not logged in', () => {
  it.each([
    ['claude', '{\n  "loggedIn": false,\n  "authMethod": "none"\n}', 'auth status', 'claude auth login'],
    ['codex', 'Not logged in', 'login status', 'codex login'],
  ])('%s can not be started, and the message names the login', async (name, answer, question, command) => {
    await install(name, answer, 1);
    await expect(check([name])).rejects.toMatchObject({
      code: 'PWT_AGENT_NOT_LOGGED_IN',
      hint: `Log in with: ${command}`,
    });
    const [args, cwd = root] = (await asked(name)).split('\n');
    expect(args).toBe(question);
    expect(cwd.startsWith(root), 'it is asked outside of the checkout').toBe(false);
    expect(existsSync(cwd)).toBe(false);
  });

  it.each([
    ['opencode', '┌  Credentials ~/.local/share/opencode/auth.json\n│\n└  0 credentials', 0],
    ['qwen', 'No authentication method configured.', 0],
    ['gemini', 'is never asked', 1],
  ])('%s is only warned of: it may have a model that needs no login', async (name, answer, exitCode) => {
    await install(name, answer, exitCode);
    const { usable, diagnostics } = await check([name]);
    expect(usable).toEqual([name]);
    expect(diagnostics).toMatchObject([{ code: 'PWT_AGENT_NOT_LOGGED_IN', severity: 'warning' }]);
  });

  it('is left out of a list, and said to be', async () => {
    await install('claude', '{ "loggedIn": false }', 1);
    await install('codex', 'Logged in using ChatGPT', 0);
    const { usable, diagnostics } = await check(['claude', 'codex']);
    expect(usable).toEqual(['codex']);
    expect(diagnostics).toMatchObject([
      { code: 'PWT_AGENT_NOT_LOGGED_IN', hint: 'Log in with: claude auth login' },
    ]);
  });
});

describe('an agent that has a login, or something as good', () => {
  it.each([
    ['claude', '{ "loggedIn": true }', 0],
    ['codex', 'Logged in using an API key', 0],
    // Another version may not know the question.
    ['codex', 'error: unrecognized subcommand', 2],
    ['codex', 'Segmentation fault', 1],
    [
      'opencode',
      '└  0 credentials\n┌  Environment\n│\n●  OpenAI OPENAI_API_KEY\n└  1 environment variable',
      0,
    ],
    ['opencode', '└  2 credentials', 0],
    ['opencode', '└  10 credentials', 0],
  ])('%s that answers %j (%d)', async (name, answer, exitCode) => {
    await install(name, answer, exitCode);
    expect(await check([name])).toEqual({ usable: [name], diagnostics: [] });
  });

  it.each([
    ['claude', { ANTHROPIC_API_KEY: 'k' }, undefined],
    ['claude', {}, ['home/.claude/.credentials.json', '{"claudeAiOauth":{"accessToken":"t"}}']],
    ['claude', { CLAUDE_CONFIG_DIR: '/nowhere' }, ['.claude/settings.json', '{"apiKeyHelper":"get-key"}']],
    ['codex', { CODEX_API_KEY: 'k' }, undefined],
    ['codex', {}, ['home/.codex/auth.json', '{}']],
    ['codex', {}, ['home/.codex/config.toml', 'model_provider = "mine"']],
    ['codex', {}, ['.codex/config.toml', 'model_provider = "mine"']],
    ['opencode', {}, ['home/.config/opencode/opencode.json', '{"provider":{"mine":{}}}']],
    ['opencode', { OPENAI_API_KEY: 'k' }, undefined],
    ['gemini', { GEMINI_API_KEY: 'k' }, undefined],
    ['copilot', { GH_TOKEN: 'k' }, undefined],
  ] as const)('%s with %j and %j is not even asked', async (name, more, file) => {
    await install(name, 'Not logged in "loggedIn": false, 0 credentials', name === 'opencode' ? 0 : 1);
    if (file) {
      await mkdir(dirname(join(root, file[0])), { recursive: true });
      await writeFile(join(root, file[0]), file[1]);
    }
    expect(await check([name], more)).toEqual({ usable: [name], diagnostics: [] });
    expect(await asked(name)).toBe('');
  });

  it('is looked for where its variable points', async () => {
    await install('codex', 'Not logged in', 1);
    await mkdir(join(home, '.codex'));
    await writeFile(join(home, '.codex/auth.json'), '{}');
    await expect(check(['codex'], { CODEX_HOME: join(root, 'other') })).rejects.toMatchObject({
      code: 'PWT_AGENT_NOT_LOGGED_IN',
    });
  });

  it('is believed to have one where its arguments choose another provider', async () => {
    await install('codex', 'Not logged in', 1);
    const args = ['exec', '--json', '-c', 'model_provider=mine', '{permission}', '-'];
    expect(await check([{ preset: 'codex', args }])).toMatchObject({ usable: ['codex'] });
  });

  it('is not asked where the configuration names another program, or a command', async () => {
    await install('mine', 'Not logged in', 1);
    const agents = [{ preset: 'codex', command: 'mine' }, { command: ['mine'] }];
    expect((await check(agents)).usable).toEqual(['codex', 'mine']);
    expect(await asked('mine')).toBe('');
  });
});

describe('what else is said before anything starts', () => {
  it('a permission at which the agent is denied its tools, with the flag', async () => {
    for (const name of ['gemini', 'opencode']) await install(name, '', 1);
    const ready = { GEMINI_API_KEY: 'k', OPENAI_API_KEY: 'k' };
    const below = await check(['gemini', 'opencode'], { permission: 'accept-edits', ...ready });
    expect(below.diagnostics).toMatchObject([
      { code: 'PWT_AGENT_PERMISSION', severity: 'warning', hint: expect.stringContaining('--auto-approve') },
      { code: 'PWT_AGENT_PERMISSION', severity: 'info' },
    ]);
    expect(below.usable).toEqual(['gemini', 'opencode']);
    expect((await check(['gemini', 'opencode'], { permission: 'auto', ...ready })).diagnostics).toEqual([]);
  });

  it('a preset that can not go on with its session, and no command', async () => {
    await install('aider', '', 0);
    expect(await check(['aider', { command: ['sh'] }])).toMatchObject({
      usable: ['aider', 'sh'],
      diagnostics: [{ code: 'PWT_AGENT_STARTS_ANEW', severity: 'info' }],
    });
  });

  it('one of a list that is not installed, with the command that installs it', async () => {
    await install('codex', 'Logged in', 0);
    const { usable, diagnostics } = await check(['pi', 'codex']);
    expect(usable).toEqual(['codex']);
    expect(diagnostics).toMatchObject([
      { code: 'PWT_AGENT_NOT_FOUND', hint: 'Install it with: npm install -g @mariozechner/pi-coding-agent' },
    ]);
  });
});
