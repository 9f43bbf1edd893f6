import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identify, isAlive, selfIdentity } from './identity.js';
import { findStrays, stopStrays } from './strays.js';

let folder: string;
const pids: number[] = [];

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'pwt-strays-')));
});
afterEach(async () => {
  for (const pid of pids.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It was ended by the test.
    }
  }
  await rm(folder, { recursive: true, force: true });
});

/** A daemon: its parent has ended, and it has a session of its own. */
async function daemon(env: Record<string, string>, cwd = folder): Promise<number> {
  const child = spawn('/bin/sh', ['-c', 'setsid sleep 600 >/dev/null 2>&1 & echo $!'], {
    cwd,
    env: { PATH: '/usr/bin:/bin', ...env },
  });
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  await once(child, 'exit');
  const pid = Number(String(printed).trim());
  pids.push(pid);
  return pid;
}

const since = selfIdentity();
const found = async (folderOf = folder) =>
  (await findStrays({ folder: folderOf, since })).map(({ pid }) => pid);

describe.skipIf(process.platform !== 'linux')('processes without a trace', () => {
  it('are found by where they are, and ended', async () => {
    const pid = await daemon({});
    const identity = identify(pid);
    expect(await found()).toEqual([pid]);
    const { terminated } = await stopStrays({ folder, since, graceMs: 1000 });
    expect(terminated).toEqual([identity]);
    expect(identity && isAlive(identity)).toBe(false);
  });

  it('are not those of the user: with a session, older, elsewhere, with a parent, or marked', async () => {
    await daemon({ USER: 'me', HOME: '/home/me' });
    await daemon({ PWT_MARK: 'pwt.other' });
    await daemon({}, tmpdir());
    const child = spawn('/usr/bin/env', ['-i', 'sleep', '600'], { cwd: folder, stdio: 'ignore' });
    await once(child, 'spawn');
    pids.push(child.pid ?? 0);
    expect(await found()).toEqual([]);
    const pid = await daemon({});
    const later = { ...since, startTime: String(Number(identify(pid)?.startTime) + 1) };
    expect(await findStrays({ folder, since: later })).toEqual([]);
    expect(await found(join(folder, 'missing'))).toEqual([]);
  });
});
