import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeEach, describe, expect, it } from 'vitest';
import { Scene, supervised } from '../test/scene.js';
import { identitiesIn, makeFifo, onCleanup, openGate } from '../test/support.js';
import {
  attachSupervised,
  createMark,
  findMarked,
  identify,
  isAlive,
  selfIdentity,
  startSupervised,
} from './index.js';

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.create();
});

describe('attachSupervised', () => {
  it('fences a run that has not started, for good', async () => {
    expect(await attachSupervised({ dir: scene.dir })).toEqual({ status: 'never-started' });
    const late = await startSupervised(scene.request('touch ran'));
    expect(late).toEqual({ status: 'lease-taken', by: 'fence', identity: selfIdentity() });
    expect(existsSync(scene.path('ran'))).toBe(false);
    expect(await attachSupervised({ dir: scene.dir })).toEqual({ status: 'never-started' });
  });

  it('comes either before or after a start, never in between', async () => {
    for (let round = 0; round < 8; round++) {
      const dir = scene.path(`state-${round}`);
      const starting = startSupervised(scene.request(`touch ran-${round}`, { dir }));
      const attaching = attachSupervised({ dir });
      const [started, attached] = await Promise.all([starting, attaching]);
      if (attached.status === 'never-started') {
        expect(started).toMatchObject({ status: 'lease-taken', by: 'fence' });
      } else {
        expect(await supervised(attached).exited).toEqual(await supervised(started).exited);
      }
      expect(existsSync(scene.path(`ran-${round}`))).toBe(attached.status === 'supervised');
    }
  });

  it('adopts a running command and sees its end', async () => {
    const gate = makeFifo(scene.path('gate'));
    await scene.start('read _ <gate; exit 4');
    const adopted = await scene.attach();
    expect(await adopted.members()).toHaveLength(1);
    await openGate(gate);
    expect(await adopted.exited).toEqual({ kind: 'exited', exitCode: 4 });
  });

  it('stops a running command that it adopted', async () => {
    await scene.start('sh -c "echo \\$\\$ >>pids; exec sleep 1000" & echo $$ >>pids; exec sleep 1000');
    const adopted = await scene.attach();
    await identitiesIn(scene.path('pids'), 2);
    const report = await adopted.stop({ graceMs: 30_000 });
    expect(report.killed).toEqual([]);
    expect(report.terminated.length).toBeGreaterThan(1);
    expect(await adopted.exited).toEqual({ kind: 'signalled', signal: 'SIGTERM', exitCode: 143 });
    expect(await adopted.members()).toEqual([]);
  });

  it('calls a run lost whose supervisor was killed, and still finds and ends its processes', async () => {
    const own = await scene.start('echo $$ >>pids; exec sleep 1000');
    const [command] = await identitiesIn(scene.path('pids'), 1);
    const adopted = await scene.attach();
    process.kill(own.identity.pid, 'SIGKILL');
    expect(await own.exited).toEqual({ kind: 'lost' });
    expect(await adopted.exited).toEqual({ kind: 'lost' });
    const later = await scene.attach();
    expect(await later.exited).toEqual({ kind: 'lost' });
    expect(await later.members()).toEqual([command]);
    expect(await later.stop({ graceMs: 30_000 })).toMatchObject({ terminated: [command], survivors: [] });
    expect(await findMarked(own.mark)).toEqual([]);
  });

  it('never takes a stranger with a recycled pid for the supervisor or the command', async () => {
    const stranger = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true });
    onCleanup(async () => stranger.kill('SIGKILL'));
    const { pid, bootId, startTime } = identify(stranger.pid as number) ?? selfIdentity();
    const dir = scene.dir;
    await mkdir(dir);
    for (const doctored of [
      { pid, bootId, startTime: '1' },
      { pid, startTime, bootId: 'before the reboot' },
    ]) {
      const record = { ...doctored, mark: createMark() };
      await writeFile(join(dir, 'lease'), JSON.stringify({ role: 'supervisor', ...record }));
      await writeFile(join(dir, 'command'), JSON.stringify({ role: 'command', ...record }));
      const run = await scene.attach();
      expect(await run.exited).toEqual({ kind: 'lost' });
      expect(await run.members()).toEqual([]);
      expect(await run.stop({ graceMs: 0 })).toEqual({ terminated: [], killed: [], survivors: [] });
    }
    expect(isAlive({ pid, startTime, bootId })).toBe(true);
  });

  it('does not guess from a damaged lease', async () => {
    await mkdir(scene.dir);
    for (const text of ['null', '{"role":"supervisor","pid":"7"}', '{"role":"king","pid":7}']) {
      await writeFile(join(scene.dir, 'lease'), text);
      await expect(scene.attach()).rejects.toMatchObject({ code: 'PWT_LEASE_UNREADABLE' });
    }
  });
});

describe('a lease that a power cut has left empty', () => {
  it.each(['', '\0\0\0\0'])('is no lease, and lets nothing start: %j', async (text) => {
    await mkdir(scene.dir);
    await writeFile(join(scene.dir, 'lease'), text);
    expect(await attachSupervised({ dir: scene.dir })).toEqual({ status: 'never-started' });
    await expect(scene.start('echo ran >ran')).rejects.toMatchObject({
      code: 'PWT_PROCESS_STATE_UNWRITABLE',
    });
    await expect(scene.read('ran')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the death of the starter', () => {
  it('does not disturb the command, whose exit another process learns', async () => {
    const library = scene.path('library.mjs');
    const core = fileURLToPath(new URL('../../core/src/index.ts', import.meta.url));
    await build({
      entryPoints: [fileURLToPath(new URL('./index.ts', import.meta.url))],
      outfile: library,
      bundle: true,
      platform: 'node',
      format: 'esm',
      alias: { '@pwt/core': core },
    });
    const gate = makeFifo(scene.path('gate'));
    const starter = `
      import { startSupervised } from ${JSON.stringify(library)};
      await startSupervised(JSON.parse(process.argv[2]));
      process.stdout.write('started');
      setInterval(() => {}, 1000);
    `;
    await writeFile(scene.path('starter.mjs'), starter);
    const text = 'echo before; echo before >&2; read _ <gate; echo after; echo after >&2; exit 5';
    const child = spawn(process.execPath, [scene.path('starter.mjs'), JSON.stringify(scene.request(text))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);

    const adopted = await scene.attach();
    expect(isAlive(adopted.identity)).toBe(true);
    await openGate(gate);
    expect(await adopted.exited).toEqual({ kind: 'exited', exitCode: 5 });
    expect(await scene.read('out')).toBe('before\nafter\n');
    expect(await scene.read('err')).toBe('before\nafter\n');
  });
});
