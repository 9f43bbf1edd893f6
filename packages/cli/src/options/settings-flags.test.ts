import { settingKeys, settings } from '@pwt/default/settings';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commands } from '../commands.js';
import { createProgram } from '../create-program.js';
import { addSettingFlags, agentFlags, attributeOf, gateFlags, nameOf } from './config-flags.js';
import { writtenFromFlags } from './settings-flags.js';

/** What a command line with these flags says. */
function written(args: readonly string[], agent?: readonly string[]): unknown {
  const command = addSettingFlags(new Command()).exitOverride();
  command.parse([...args], { from: 'user' });
  return writtenFromFlags(command.opts(), agent);
}

describe('settings and flags', () => {
  it('have a flag for every key and a key for every flag', () => {
    const program = createProgram(
      { io: { stdout: process.stdout }, version: '0', commands },
      () => undefined,
    );
    const own = ['cwd', 'config', 'json'];
    for (const entry of commands.filter((command) => command.settings)) {
      const command = program.commands.find((found) => found.name() === entry.name);
      const flags = new Set(command?.options.map((option) => option.attributeName()));
      const ownFlags = [
        ...own,
        ...(entry.flags ?? []).map(([flag]) => attributeOf(flag.replace(/^-\w, /, ''))),
      ];
      const expected = [
        ...settingKeys.map((key) => attributeOf(settings[key].flag)),
        'prompt',
        'agentEnv',
        'gateCommand',
        ...ownFlags,
      ];
      expect([...flags].sort()).toEqual([...new Set(expected)].sort());
    }
  });

  it('have no flag twice', () => {
    const flags = [agentFlags, gateFlags].flatMap((more): { flag: string }[] => Object.values(more));
    const names = [...settingKeys.map((key) => settings[key]), ...flags].map(({ flag }) => nameOf(flag));
    expect(new Set(names).size).toBe(names.length);
  });

  it('never approve what only the user can approve', () => {
    expect(settingKeys).not.toContain('yes');
  });
});

describe('writtenFromFlags', () => {
  it('says nothing without flags', () => {
    expect(written([])).toEqual({});
  });

  it('takes a gate as one command, whatever is in it, or as several by name', () => {
    expect(written(['--gate', 'CI=1 npm test'])).toEqual({ gate: 'CI=1 npm test' });
    const several = ['--gate-command', 'types=tsc -p .', '--gate-command', 'test=CI=1 npm test -- --a=b'];
    const { gate } = written(several) as { gate: Record<string, string> };
    expect(Object.entries(gate)).toEqual([
      ['types', 'tsc -p .'],
      ['test', 'CI=1 npm test -- --a=b'],
    ]);
  });

  it.each([
    [['--gate-command', 'npm test']],
    [['--gate-command', '=npm test']],
    [['--gate-command', 'a=x', '--gate-command', 'a=y']],
    [['--gate', 'x', '--gate-command', 'a=x']],
  ])('refuses %j', (args) => {
    expect(() => written(args)).toThrow(expect.objectContaining({ code: 'PWT_USAGE' }));
  });

  it('reads every kind of value', () => {
    const args = ['--max-instances', '3', '--timeout', '2h', '--no-merge', '--auto-approve'];
    const lists = [
      '--specs',
      'a/*.md',
      '--specs',
      'b',
      '--plugin',
      './p.mjs',
      '--vocabulary',
      'fileLabels=Datei',
    ];
    expect(written([...args, ...lists])).toEqual({
      maxInstances: 3,
      timeout: '2h',
      autoMerge: false,
      autoApprove: true,
      specs: ['a/*.md', 'b'],
      plugins: ['./p.mjs'],
      vocabulary: { fileLabels: ['Datei'] },
    });
  });

  it('can overrule either value of a file', () => {
    expect(written(['--merge', '--no-auto-approve'])).toEqual({ autoMerge: true, autoApprove: false });
  });

  it('takes a command after -- as it is, with its own prompt and environment', () => {
    expect(written([], ['my-agent', '--json'])).toEqual({ agent: { command: ['my-agent', '--json'] } });
    expect(written(['--prompt', 'file', '--agent-env', 'A=b=c'], ['x'])).toEqual({
      agent: { command: ['x'], prompt: 'file', env: { A: 'b=c' } },
    });
  });

  it.each([
    [['--max-instances', 'many'], undefined],
    [['--vocabulary', 'Datei'], undefined],
    [['--prompt', 'file'], undefined],
    [['--agent', 'claude'], ['x']],
    [[], []],
  ])('refuses %j with %j', (args, agent) => {
    expect(() => written(args, agent)).toThrow(expect.objectContaining({ code: 'PWT_USAGE' }));
  });
});
