import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../test/support.js';
import { resolveCommand } from './resolve-command.js';

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryDirectory();
});

async function program(path: string, text = '#!/bin/sh\n', mode = 0o755): Promise<string> {
  await mkdir(join(cwd, path, '..'), { recursive: true });
  await writeFile(join(cwd, path), text);
  await chmod(join(cwd, path), mode);
  return join(cwd, path);
}

describe('resolveCommand', () => {
  it('searches the given PATH in order, relative entries from cwd', async () => {
    const second = await program('two/tool');
    await mkdir(join(cwd, 'one', 'tool'), { recursive: true });
    expect(await resolveCommand('tool', { cwd, env: { PATH: `${cwd}/one:two` } })).toBe(second);
    const here = await program('tool');
    expect(await resolveCommand('tool', { cwd, env: { PATH: ':two' } })).toBe(here);
  });

  it('takes a command with a slash as a path from cwd', async () => {
    const path = await program('bin/tool');
    expect(await resolveCommand('bin/tool', { cwd, env: { PATH: '' } })).toBe(path);
    expect(await resolveCommand(path, { cwd: '/', env: {} })).toBe(path);
  });

  it('finds the standard tools without a PATH', async () => {
    expect(await resolveCommand('sh', { cwd, env: {} })).toMatch(/\/bin\/sh$/);
  });

  it('says where it looked for a missing program', async () => {
    const env = { PATH: '/a:/b' };
    const missing = { code: 'PWT_COMMAND_NOT_FOUND', data: { searched: ['/a/tool', '/b/tool'] } };
    await expect(resolveCommand('tool', { cwd, env })).rejects.toMatchObject(missing);
    for (const command of ['', './tool', 'to\0ol']) {
      const error = { code: 'PWT_COMMAND_NOT_FOUND', hint: expect.any(String) };
      await expect(resolveCommand(command, { cwd, env })).rejects.toMatchObject(error);
    }
  });

  it('tells a program that may not run from a missing one', async () => {
    const path = await program('tool', '#!/bin/sh\n', 0o644);
    const refused = {
      code: 'PWT_COMMAND_NOT_EXECUTABLE',
      data: { path },
      hint: expect.stringContaining('chmod'),
    };
    await expect(resolveCommand('tool', { cwd, env: { PATH: cwd } })).rejects.toMatchObject(refused);
    const usable = await program('later/tool');
    expect(await resolveCommand('tool', { cwd, env: { PATH: `${cwd}:${cwd}/later` } })).toBe(usable);
  });

  it('names a missing interpreter', async () => {
    await program('tool', '#! /no/such/interpreter -x\n');
    const refused = {
      code: 'PWT_COMMAND_NOT_EXECUTABLE',
      message: expect.stringContaining('/no/such/interpreter,'),
    };
    await expect(resolveCommand('./tool', { cwd, env: {} })).rejects.toMatchObject(refused);
  });
});
