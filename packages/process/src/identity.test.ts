import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { hasCode } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { linesOf, makeFifo, onCleanup, openGate, temporaryDirectory } from '../test/support.js';
import { identify, isAlive, isSameProcess, selfIdentity } from './identity.js';
import { createSystem } from './system/current.js';

describe('identity', () => {
  it('knows this process', () => {
    const self = selfIdentity();
    expect(self.pid).toBe(process.pid);
    expect(isAlive(self)).toBe(true);
    expect(identify(process.pid)).toEqual(self);
  });

  it('has none for a pid without a process, or that is no pid', () => {
    for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 30]) expect(identify(pid)).toBeUndefined();
  });

  it('takes a recycled pid, or the same one after a reboot, for another process', () => {
    const self = selfIdentity();
    expect(isAlive({ ...self, startTime: '1' })).toBe(false);
    expect(isAlive({ ...self, bootId: 'another boot' })).toBe(false);
    expect(isSameProcess(self, { ...self, pid: self.pid + 1 })).toBe(false);
  });

  it('is dead once the process has ended', async () => {
    const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
    const identity = identify(child.pid as number);
    expect(identity !== undefined && isAlive(identity)).toBe(true);
    child.stdin.end();
    await once(child, 'exit');
    expect(identity !== undefined && isAlive(identity)).toBe(false);
  });

  it('counts a zombie as dead, though its pid is still taken', async () => {
    const directory = await temporaryDirectory();
    // The shell becomes another program, which does not know of the child that it inherits.
    const text = 'read _ <"$2" & echo $! >>"$1"; exec sh -c "echo ready >>$1; exec sleep 1000"';
    const gate = makeFifo(join(directory, 'gate'));
    const parent = spawn('sh', ['-c', text, 'sh', join(directory, 'pid'), gate], { stdio: 'ignore' });
    onCleanup(async () => parent.kill('SIGKILL'));
    const pid = Number((await linesOf(join(directory, 'pid'), 2))[0]);
    await openGate(gate);
    await expect.poll(() => identify(pid), { interval: 2 }).toBeUndefined();
    expect(process.kill(pid, 0)).toBe(true);
  });

  it('points to WSL on Windows', () => {
    const create = (): unknown => createSystem('win32');
    expect(create).toThrow(expect.objectContaining({ hint: expect.stringContaining('WSL') }));
    expect(create).toThrow(expect.toSatisfy((error) => hasCode(error, 'PWT_UNSUPPORTED_PLATFORM')));
  });
});
