import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Scene } from '../test/scene.js';
import { identitiesIn, linesOf } from '../test/support.js';
import { isAlive } from './index.js';

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.create();
});

describe('stop', () => {
  it('ends what ignores SIGTERM, and waits for the exit record', async () => {
    const run = await scene.start('trap "" TERM; echo ready >>pids; while :; do sleep 1000; done');
    await linesOf(scene.path('pids'), 1);
    const report = await run.stop({ graceMs: 50 });
    expect(report.killed).not.toEqual([]);
    expect(report.survivors).toEqual([]);
    expect(await scene.read('state/exit')).toMatch(/^exited +137\n$/);
    expect(await run.exited).toMatchObject({ kind: 'signalled', signal: 'SIGKILL' });
  });

  it('waits for a supervisor that is slow to record the exit', async () => {
    const run = await scene.start('exec sleep 1000');
    process.kill(run.identity.pid, 'SIGSTOP');
    const stopping = run.stop({ graceMs: 30_000 });
    await expect.poll(() => run.members(), { interval: 2 }).toEqual([]);
    expect(existsSync(join(run.dir, 'exit'))).toBe(false);
    process.kill(run.identity.pid, 'SIGCONT');
    expect((await stopping).terminated).toHaveLength(1);
    expect(existsSync(join(run.dir, 'exit'))).toBe(true);
  });

  it('lets a command end in its own way, with its own status', async () => {
    const run = await scene.start('trap "exit 9" TERM; echo ready >>pids; while :; do sleep 0.01; done');
    await linesOf(scene.path('pids'), 1);
    await run.stop({ graceMs: 30_000 });
    expect(await run.exited).toEqual({ kind: 'exited', exitCode: 9 });
  });

  it('may come at any time: right after the start, twice, and after the end', async () => {
    const run = await scene.start('exec sleep 1000');
    await Promise.all([run.stop({ graceMs: 1000 }), run.stop({ graceMs: 1000 })]);
    expect(await run.exited).toMatchObject({ kind: 'signalled' });
    expect(await run.stop({ graceMs: 0 })).toEqual({ terminated: [], killed: [], survivors: [] });
  });

  it('ends what an ended command left running', async () => {
    const run = await scene.start('sh -c "echo \\$\\$ >>pids; exec sleep 1000" & exit 0');
    expect(await run.exited).toEqual({ kind: 'exited', exitCode: 0 });
    const left = await identitiesIn(scene.path('pids'), 1);
    expect(await run.members()).toEqual(left);
    expect((await run.stop({ graceMs: 30_000 })).terminated).toEqual(left);
    expect(left.filter(isAlive)).toEqual([]);
  });
});
