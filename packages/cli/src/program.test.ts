import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { commands } from './commands.js';
import type { Io } from './io.js';
import { parseCommandLine } from './program.js';

function fakeIo(): { io: Io; printed: () => string } {
  const stdout = new PassThrough();
  let text = '';
  stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const io: Io = {
    cwd: '/project',
    env: {},
    stdout,
    stderr: new PassThrough(),
    stdin: new PassThrough(),
    onSignal: () => () => undefined,
  };
  return { io, printed: () => text };
}

const parse = (...argv: string[]) => parseCommandLine(fakeIo().io, '1.2.3', argv);

describe('parseCommandLine', () => {
  it('gives a command its ids, flags and directory', () => {
    const parsed = parse('run', '20', '21', '-C', 'sub', '--json', '--dry-run');
    expect(parsed?.entry.name).toBe('run');
    expect(parsed?.context).toMatchObject({
      args: ['20', '21'],
      cwd: '/project/sub',
      json: true,
      flags: { dryRun: true },
    });
  });

  it('takes everything after -- for the agent, flags and numbers included', () => {
    const parsed = parse('run', '20', '--max-instances', '3', '--', 'agent', '--json', '21', '--', '-C');
    expect(parsed?.context.args).toEqual(['20']);
    expect(parsed?.context.json).toBe(false);
    expect(parsed?.context.settings).toEqual({
      maxInstances: 3,
      agent: { command: ['agent', '--json', '21', '--', '-C'] },
    });
  });

  it('does not take a flag of its own for a setting', () => {
    expect(parse('logs', '--gate')?.context).toMatchObject({ flags: { gate: true }, settings: {} });
  });

  it('prints help and the version, and then has nothing to run', () => {
    const { io, printed } = fakeIo();
    expect(parseCommandLine(io, '1.2.3', ['--version'])).toBeUndefined();
    expect(parseCommandLine(io, '1.2.3', ['--help'])).toBeUndefined();
    expect(printed()).toContain('1.2.3\n');
    for (const { name, description } of commands) {
      expect(printed()).toContain(name);
      expect(description).toMatch(/\.$/);
    }
  });

  it('prints help where no command is given', () => {
    const { io, printed } = fakeIo();
    expect(parseCommandLine(io, '1.2.3', [])).toBeUndefined();
    expect(printed()).toMatch(/Start:\n {2}init .*\n[\s\S]*\nHelp:\n/);
  });

  it.each([
    [['rnu'], "unknown command 'rnu'. Did you mean run?"],
    [['run', '--max-instance', '3'], "unknown option '--max-instance'. Did you mean --max-instances?"],
    [['logs', '--folow'], "unknown option '--folow'. Did you mean --follow?"],
  ])('names what %j was meant to be', (argv, message) => {
    expect(() => parse(...argv)).toThrow(expect.objectContaining({ code: 'PWT_USAGE', message }));
  });

  it.each([
    [['nonsense']],
    [['run', '--nonsense']],
    [['status', 'extra']],
    [['retry']],
    [['plan', '--', 'x']],
    [['logs', '--tail']],
  ])('refuses %j', (argv) => {
    const message = expect.not.stringContaining('(');
    expect(() => parse(...argv)).toThrow(expect.objectContaining({ code: 'PWT_USAGE', message }));
  });
});
