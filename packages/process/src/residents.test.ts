import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { findResidents } from './residents.js';

it('finds the processes in a folder or below it, and none beside it', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pwt-residents-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const inside = join(folder, 'wt', 'deep');
  mkdirSync(inside, { recursive: true });
  mkdirSync(join(folder, 'wt-other'));
  // Says that it has started, and lives until its input ends.
  const child = spawn('sh', ['-c', 'echo; cat'], { cwd: inside });
  await once(child.stdout, 'data');
  const found = async (name: string) => (await findResidents(join(folder, name))).map(({ pid }) => pid);
  expect(await found('wt')).toContain(child.pid);
  expect(await found('wt-other')).toEqual([]);
  expect(await found('missing')).toEqual([]);
  child.stdin.end();
  await once(child, 'close');
  expect(await found('wt')).toEqual([]);
});
