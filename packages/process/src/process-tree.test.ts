import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { identify, selfIdentity } from './identity.js';
import { selectTree, signalProcess, type TreeQuery } from './process-tree.js';
import type { ProcessEntry } from './system/system.js';

const BOOT = 'boot';

/** A row; by default a child of init with a session and group of its own. */
function row(pid: number, fields: Partial<ProcessEntry> = {}): ProcessEntry {
  const own = { pid, ppid: 1, pgid: pid, session: pid, startTime: `t${pid}` };
  return { ...own, zombie: false, cpuMs: 0, rssBytes: 0, marks: [], ...fields };
}

function pids(table: ProcessEntry[], query: TreeQuery): number[] {
  const found = selectTree(table, query, BOOT).map(({ pid }) => pid);
  return found.sort((a, b) => a - b);
}

const identity = (pid: number) => ({ pid, startTime: `t${pid}`, bootId: BOOT });

describe('selectTree', () => {
  it('follows children, and the groups and sessions that a member leads', () => {
    const table = [
      row(10, { ppid: 5 }),
      row(11, { ppid: 10, pgid: 10, session: 10 }),
      row(12, { ppid: 11 }),
      row(13, { pgid: 12, session: 12 }),
      row(14, { pgid: 10, session: 99 }),
      row(20),
      row(21, { ppid: 20, session: 5, pgid: 5 }),
    ];
    expect(pids(table, { roots: [identity(10)] })).toEqual([10, 11, 12, 13, 14]);
  });

  it('does not depend on the order of the rows', () => {
    const table = [row(3, { ppid: 4 }), row(4, { ppid: 5 }), row(5, { ppid: 6 }), row(6)];
    expect(pids(table, { roots: [identity(6)] })).toEqual([3, 4, 5, 6]);
  });

  it('never starts from a recycled pid', () => {
    const table = [row(10, { startTime: 'later' }), row(11, { ppid: 10 })];
    expect(pids(table, { roots: [identity(10)] })).toEqual([]);
    expect(pids([row(10)], { roots: [{ ...identity(10), bootId: 'earlier' }] })).toEqual([]);
  });

  it('does not trust the session of a leader that is gone', () => {
    const table = [row(30, { session: 10, pgid: 10 })];
    expect(pids(table, { roots: [identity(10)], supervisor: identity(10) })).toEqual([]);
  });

  it('finds the mark anywhere, with the descendants of its bearers, and no other mark', () => {
    const table = [row(7, { marks: ['outer', 'm'] }), row(8, { ppid: 7 }), row(9, { marks: ['mm'] })];
    expect(pids(table, { mark: 'm' })).toEqual([7, 8]);
    expect(pids(table, { mark: 'outer' })).toEqual([7, 8]);
  });

  it('spares a supervisor and its helpers, but not what the command left in its session', () => {
    const table = [
      row(50),
      row(51, { ppid: 50, session: 50, pgid: 50 }),
      row(52, { ppid: 50, session: 50, pgid: 50 }),
      row(53, { ppid: 1, session: 50, pgid: 50 }),
      row(54, { ppid: 53, session: 50, pgid: 54 }),
    ];
    expect(pids(table, { roots: [identity(51)], supervisor: identity(50) })).toEqual([51, 53, 54]);
  });

  it('leaves zombies and init out', () => {
    const table = [row(1, { marks: ['m'] }), row(10, { zombie: true, marks: ['m'] })];
    expect(pids(table, { mark: 'm', roots: [identity(1), identity(10)] })).toEqual([]);
  });
});

describe('signalProcess', () => {
  it('never hits a recycled pid, the calling process, or a process that is gone', async () => {
    const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
    const cat = identify(child.pid as number);
    if (cat === undefined) throw new Error('cat did not start');
    expect(signalProcess({ ...cat, startTime: '1' }, 'SIGKILL')).toBe(false);
    expect(signalProcess({ ...cat, bootId: 'earlier' }, 'SIGKILL')).toBe(false);
    expect(signalProcess(selfIdentity(), 'SIGKILL')).toBe(false);
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(signalProcess(cat, 'SIGKILL')).toBe(false);
  });
});
