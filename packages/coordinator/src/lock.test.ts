import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireRunLock, type LockOwner, readRunLock } from './lock.js';

let dir: string;
let file: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pwt-lock-'));
  file = join(dir, 'state', 'lock');
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const owner = (pid: number): LockOwner => ({ pid, startTime: `s${pid}`, bootId: 'b' });
const acquire = (pid: number, alive: readonly number[] = []) =>
  acquireRunLock({
    file,
    owner: owner(pid),
    runId: `run-${pid}`,
    now: 1000,
    isAlive: async (holder) => alive.includes(holder.pid),
  });

describe('the run lock', () => {
  it('is held by one, and free again after release', async () => {
    const lock = await acquire(1);
    expect(await readRunLock(file)).toEqual({ ...owner(1), runId: 'run-1', since: 1000 });
    await expect(acquire(2, [1])).rejects.toMatchObject({
      code: 'PWT_RUN_LOCKED',
      data: { pid: 1, runId: 'run-1' },
    });
    await lock.release();
    expect(await readRunLock(file)).toBeUndefined();
    await (await acquire(2)).release();
    expect(await readdir(join(dir, 'state'))).toEqual(['lock.2']);
  });

  it('is taken over from a dead owner', async () => {
    await acquire(1);
    const lock = await acquire(2);
    expect((await readRunLock(file))?.pid).toBe(2);
    await lock.release();
    expect(await readRunLock(file)).toBeUndefined();
  });

  it('can be released on a full disk, and after another process has taken it over', async () => {
    const lock = await acquire(1);
    await acquire(2);
    await lock.release();
    expect((await readRunLock(file))?.pid).toBe(2);
    expect(await readdir(join(dir, 'state'))).toEqual(['lock.2']);
  });

  it('says so when its folder can not be written', async () => {
    await writeFile(join(dir, 'state'), 'a file');
    await expect(acquire(1)).rejects.toMatchObject({ code: 'PWT_STATE_UNWRITABLE', place: { path: file } });
  });

  it('is taken over when its content makes no sense', async () => {
    await (await acquire(1)).release();
    await writeFile(`${file}.7`, 'garbage');
    await acquire(2);
    expect((await readRunLock(file))?.pid).toBe(2);
  });

  it.each([false, true])(
    'goes to exactly one of many at the same moment (stale lock first: %s)',
    async (stale) => {
      if (stale) await acquire(999);
      const pids = Array.from({ length: 40 }, (_, index) => index + 1);
      const results = await Promise.allSettled(pids.map((pid) => acquire(pid, pids)));
      const winners = results.filter((result) => result.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'PWT_RUN_LOCKED' });
      }
      expect(await readdir(join(dir, 'state'))).toHaveLength(1);
    },
  );
});
