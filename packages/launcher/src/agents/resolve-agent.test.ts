import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { agentArguments } from '../attempt/arguments.js';
import { presets } from './presets.js';
import { resolveAgent } from './resolve-agent.js';

const values = { prompt: 'do it', promptFile: '/p', claimsFile: '/c', worktree: '/w', taskId: '20' };

describe('presets', () => {
  it.each(presets)('$name is complete', (preset) => {
    for (const permission of ['default', 'accept-edits', 'auto', 'bypass'] as const) {
      const args = agentArguments(preset, permission, values);
      expect(args.join(' ')).not.toMatch(/\{\w+\}/);
      expect(args.includes('do it')).toBe(preset.prompt === 'argv');
    }
    expect(preset.install).toMatch(/^(npm install -g|pipx? install|https:)/);
    expect(preset.verified).toSatisfy(
      (verified: typeof preset.verified) =>
        verified === 'from its documentation' || /^\d{4}-\d\d-\d\d$/.test(verified?.date ?? ''),
    );
  });

  it.each(presets)('$name is in the documentation as it is', async ({ name, verified, unattended }) => {
    const text = await readFile(new URL('../../../../docs/agents.md', import.meta.url), 'utf8');
    const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    const version = typeof verified === 'object' ? `${verified.version} on ${verified.date}` : verified;
    expect(row).toContain(`| ${version} `);
    expect(row).toContain(`| \`${unattended}\`: `);
  });

  it('have names of their own', () => {
    expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length);
  });

  it('spell out the commands that were verified', () => {
    expect(agentArguments(resolveAgent('codex'), 'bypass', values)).toEqual([
      'exec',
      '--json',
      '--dangerously-bypass-approvals-and-sandbox',
      '-',
    ]);
    expect(agentArguments(resolveAgent('claude'), 'auto', values)).toEqual([
      '-p',
      '--output-format',
      'stream-json',
      '--verbose',
      '--permission-mode',
      'acceptEdits',
      '--allowedTools',
      'Bash',
    ]);
  });
});

describe('resolveAgent', () => {
  it('replaces single fields of a preset', () => {
    const agent = resolveAgent({ preset: 'claude', command: '/opt/claude', unattended: 'bypass' });
    expect(agent).toMatchObject({
      name: 'claude',
      command: '/opt/claude',
      dialect: 'claude',
      unattended: 'bypass',
    });
  });

  it('goes on with a session of codex in the same sandbox: `resume` itself has no option for it', () => {
    expect(resolveAgent('codex').resumeArgs).toEqual([
      'exec',
      '--json',
      '{permission}',
      'resume',
      '{sessionId}',
      '-',
    ]);
  });

  it('takes any command, with the prompt on stdin unless said otherwise', () => {
    expect(resolveAgent({ command: ['my-agent', '--fast'] })).toMatchObject({
      name: 'my-agent',
      command: 'my-agent',
      args: ['--fast'],
      prompt: 'stdin',
      dialect: 'lines',
      unattended: 'default',
    });
  });

  it('lists the presets there are when it knows none of that name', () => {
    expect(() => resolveAgent('clod')).toThrow(
      expect.objectContaining({ code: 'PWT_AGENT_UNKNOWN', hint: expect.stringContaining('codex, claude') }),
    );
  });

  it('refuses an empty command', () => {
    expect(() => resolveAgent({ command: [] })).toThrow(
      expect.objectContaining({ code: 'PWT_AGENT_INVALID' }),
    );
    expect(() => resolveAgent({ command: [''] })).toThrow(
      expect.objectContaining({ code: 'PWT_AGENT_INVALID' }),
    );
  });
});
