import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findHolders, findPrograms } from './programs.js';

async function folder(): Promise<string> {
  const made = await realpath(await mkdtemp(join(tmpdir(), 'pwt-programs-')));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

it('finds a program with where it works, what it was told, and when it was started', async () => {
  const cwd = await folder();
  const before = Date.now();
  const sleeper = spawn('sleep', ['60'], { cwd, env: { ...process.env, MARKER: 'x' } });
  onTestFinished(() => void sleeper.kill('SIGKILL'));
  await once(sleeper, 'spawn');
  await expect
    .poll(async () => (await findPrograms('sleep')).find(({ pid }) => pid === sleeper.pid))
    .toMatchObject({ cwd, args: ['sleep', '60'] });
  const found = (await findPrograms('sleep')).find(({ pid }) => pid === sleeper.pid);
  expect(found?.startedAt).toBeGreaterThan(before - 1500);
  expect(found?.startedAt).toBeLessThan(Date.now() + 1500);
  if (process.platform === 'linux') expect(found?.environment).toContain('MARKER=x');
  expect((await findPrograms('sle')).map(({ pid }) => pid)).not.toContain(sleeper.pid);
});

it('finds who has a file open', async () => {
  const file = join(await folder(), 'x.lock');
  const handle = await open(file, 'w');
  expect((await findHolders([file])).map(({ pid }) => pid)).toContain(process.pid);
  await handle.close();
  expect(await findHolders([file])).toEqual([]);
});
