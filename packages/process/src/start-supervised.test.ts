import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Scene } from '../test/scene.js';
import { startSupervised } from './index.js';

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.create();
});

describe('startSupervised', () => {
  it('throws before anything starts when there is nothing to start', async () => {
    const missing = scene.request('', { command: 'no-such-program' });
    await expect(startSupervised(missing)).rejects.toMatchObject({ code: 'PWT_COMMAND_NOT_FOUND' });
    const noInput = scene.request('', { stdinFile: scene.path('none') });
    await expect(startSupervised(noInput)).rejects.toMatchObject({ code: 'PWT_PROCESS_START_FAILED' });
    const relative = scene.request('', { dir: 'state' });
    await expect(startSupervised(relative)).rejects.toMatchObject({ code: 'PWT_PROCESS_BAD_REQUEST' });
    const gone = scene.request('', { cwd: scene.path('gone') });
    await expect(startSupervised(gone)).rejects.toMatchObject({ code: 'PWT_CWD_NOT_FOUND' });
    expect(existsSync(join(scene.dir, 'lease'))).toBe(false);
  });

  it('says so when the state directory cannot hold a lease', async () => {
    const unwritable = { code: 'PWT_PROCESS_STATE_UNWRITABLE' };
    await mkdir(join(scene.dir, 'lease'), { recursive: true });
    await expect(startSupervised(scene.request('touch ran'))).rejects.toMatchObject(unwritable);
    if (process.platform === 'linux') {
      const nowhere = scene.request('touch ran', { dir: '/proc/self' });
      await expect(startSupervised(nowhere)).rejects.toMatchObject(unwritable);
    }
    expect(existsSync(scene.path('ran'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'tells a program that the system cannot execute',
    async ({ skip }) => {
      const program = scene.path('program');
      await copyFile('/bin/sleep', program);
      const bytes = await readFile(program);
      const loader = bytes.indexOf('/ld-');
      if (loader === -1) skip('sleep is linked statically here');
      bytes.write('/no-', loader);
      await writeFile(program, bytes);
      const run = await scene.start('', { command: program, args: [], shell: ['/bin/dash'] });
      expect(await run.exited).toMatchObject({ kind: 'spawn-failed' });
      expect(await scene.read('err')).toContain('program');
    },
  );

  it('gives an empty stdin where none is named', async () => {
    const run = await scene.start('', { command: 'cat', args: [] });
    expect(await run.exited).toEqual({ kind: 'exited', exitCode: 0 });
  });
});
