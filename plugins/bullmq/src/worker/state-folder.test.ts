import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfIdentity } from '@pwt/process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NAME } from '../protocol/names.js';
import { lockFolder } from './folder-lock.js';
import { defaultFolder, openStateFolder } from './state-folder.js';

function temporary(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pwt-state-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('the folder of a worker', () => {
  it('goes to one of many that want it at the same moment, also where a dead one had it', async () => {
    const folder = temporary();
    writeFileSync(join(folder, 'lock.7'), JSON.stringify({ ...selfIdentity(), startTime: 'long ago' }));
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
    const got = all.filter(({ status }) => status === 'fulfilled');
    expect(got).toHaveLength(1);
    for (const one of all)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'PWT_WORKER_FOLDER_TAKEN' });
    expect(readdirSync(folder)).toEqual(['lock.8']);
  });

  it('is free again when it is released', async () => {
    const folder = temporary();
    await (await lockFolder(folder)).release();
    await (await lockFolder(folder)).release();
    await lockFolder(folder);
    expect(readdirSync(folder)).toEqual(['lock.3']);
  });

  it('is not held any more once it was deleted, or is that of another time', async () => {
    const folder = temporary();
    const lock = await lockFolder(folder);
    expect(await lock.isHeld()).toBe(true);
    const other = JSON.stringify({ ...selfIdentity(), startTime: 'another time' });
    writeFileSync(join(folder, 'lock.1'), `${other}\n`);
    expect(await lock.isHeld()).toBe(false);
    await lock.release();
    expect(readFileSync(join(folder, 'lock.1'), 'utf8')).toBe(`${other}\n`);
    rmSync(folder, { recursive: true });
    expect(await lock.isHeld()).toBe(false);
    await lock.release();
  });

  it('says who the worker is, for ever', async () => {
    const state = temporary();
    const request = { env: {}, cwd: '/', queue: 'pwt', state };
    const first = await openStateFolder(request);
    expect(first.id).toMatch(NAME);
    await first.release();
    const again = await openStateFolder(request);
    expect([again.id, again.key]).toEqual([first.id, first.key]);
    await again.release();
    await expect(openStateFolder({ ...request, name: 'other' })).rejects.toMatchObject({
      code: 'PWT_WORKER_FOLDER_TAKEN',
      message: expect.stringContaining(first.id),
    });
    await (await openStateFolder({ ...request, name: first.id })).release();
  });

  it('is refused where it can not be read', async () => {
    const state = temporary();
    writeFileSync(join(state, 'worker.json'), '{"v": 2}');
    await expect(openStateFolder({ env: {}, cwd: '/', queue: 'pwt', state })).rejects.toMatchObject({
      code: 'PWT_WORKER_FOLDER_TAKEN',
    });
  });

  it('is in the state of the user', () => {
    const env = { HOME: '/home/ada' };
    expect(defaultFolder({ env, queue: 'q' })).toBe('/home/ada/.local/state/pwt/worker/q');
    expect(defaultFolder({ env: { ...env, XDG_STATE_HOME: '/s' }, queue: 'q', name: 'w' })).toBe(
      '/s/pwt/worker/q@w',
    );
  });
});
