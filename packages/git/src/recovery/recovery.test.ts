import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProcessIdentity, RunningProgram } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../../test/repository.js';
import { readRef, updateRef } from '../refs.js';
import { listWorktrees } from '../worktree-list.js';
import { addWorktree } from '../worktrees.js';
import type { ProcessView } from './process-view.js';
import { Recovery } from './recovery.js';

const DEAD: ProcessIdentity = { pid: 99, startTime: 'long ago', bootId: 'b' };
const LIVE: ProcessIdentity = { pid: 1, startTime: 'now', bootId: 'b' };

/** A machine on which only these programs run. */
class Machine implements ProcessView {
  identity = LIVE;
  running: RunningProgram[] = [];
  openFiles: string[] = [];
  self = () => this.identity;
  isAlive = (identity: ProcessIdentity) => identity.pid === LIVE.pid;
  programs = async () => this.running;
  holders = async (files: readonly string[]) =>
    files.some((file) => this.openFiles.includes(file)) ? [program({ args: ['ide'] })] : [];
}

function program(change: Partial<RunningProgram>): RunningProgram {
  return { pid: 7, startedAt: 0, args: ['git', 'gc'], cwd: '/elsewhere', environment: [], ...change };
}

async function scene() {
  const repository = await repositoryWith({ a: '1' });
  const machine = new Machine();
  const commonDir = join(repository.path, '.git');
  const stateDir = join(commonDir, 'pwt');
  const options = { commonDir, root: repository.path, stateDir, processes: async () => machine };
  const recovery = new Recovery(options);
  const git = repository.git.recoveringWith(recovery);
  const commit = await git.text(['rev-parse', 'HEAD']);
  const lock = (name: string, changedAt = Date.now()) => {
    const path = join(commonDir, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    utimesSync(path, changedAt / 1000, changedAt / 1000);
    return path;
  };
  /** Leaves the record of a command that a dead pwt had started. */
  const died = async (args: readonly string[], cwd = repository.path) => {
    machine.identity = DEAD;
    await recovery.running.begin(args, cwd);
    machine.identity = LIVE;
  };
  return { machine, commonDir, stateDir, recovery, git, commit, lock, died, path: repository.path };
}

const REF = 'refs/pwt/r1/integration';

describe('a lock of a dead git', () => {
  it.each([
    ['of the ref', `${REF}.lock`],
    ['of all packed refs', 'packed-refs.lock'],
    ['left with the packed refs half written', 'packed-refs.new'],
    ['of a branch', 'refs/heads/main.lock'],
    ['of the configuration', 'config.lock'],
    ['of HEAD, by a move of its branch', 'HEAD.lock'],
  ])('%s goes when pwt had the command on record, and is told of', async (_, name) => {
    const { recovery, lock, died } = await scene();
    const told: string[] = [];
    recovery.onRecovered(({ message }) => told.push(message));
    await died(['update-ref', REF, 'x', '']);
    const path = lock(name);
    expect((await recovery.settle()).map((found) => found.path)).toEqual([path]);
    expect(existsSync(path)).toBe(false);
    expect(told).toEqual([expect.stringContaining(path)]);
    expect(await recovery.settle()).toEqual([]);
  });

  it('on a ref of pwt goes without any record, once it stands still', async () => {
    const { git, commit, lock } = await scene();
    lock(`${REF}.lock`, Date.now() - 5000);
    const before = Date.now();
    expect(await updateRef(git, { ref: REF, newValue: commit, oldValue: null })).toEqual({
      status: 'updated',
    });
    expect(Date.now() - before).toBeLessThan(5000);
  });

  it('goes whatever it is, if it is older than the last boot', async () => {
    const { recovery, lock } = await scene();
    const path = lock('index.lock', Date.now() - uptime() * 1000 - 60_000);
    await recovery.recover();
    expect(existsSync(path)).toBe(false);
  });
});

describe('a lock that may be of a living one stays', () => {
  it('of a git that was started before it and works in the repository', async () => {
    const { recovery, machine, lock, died, path } = await scene();
    await died(['update-ref', REF, 'x', '']);
    const held = lock('packed-refs.lock');
    machine.running = [program({ cwd: join(path, 'sub') })];
    expect(await recovery.recover()).toEqual([]);
    machine.running = [program({ environment: [`GIT_DIR=${path}/.git`] })];
    expect(await recovery.recover()).toEqual([]);
    // What it does may not be looked into.
    machine.running = [program({ cwd: undefined, args: [] })];
    expect(await recovery.recover()).toEqual([]);
    expect(await recovery.judgeLocks()).toMatchObject([{ judgement: { status: 'held', by: { pid: 7 } } }]);
    // A reader, one that came later, one that works elsewhere.
    machine.running = [
      program({ cwd: path, args: ['git', '-c', 'a=b', 'cat-file', '--batch'] }),
      program({ cwd: path, startedAt: Date.now() + 5000 }),
      program({}),
    ];
    await recovery.recover();
    expect(existsSync(held)).toBe(false);
  });

  it('of a program that has it open', async () => {
    const { recovery, machine, lock, died } = await scene();
    await died(['update-ref', REF, 'x', '']);
    machine.openFiles = [lock('config.lock')];
    expect(await recovery.recover()).toEqual([]);
  });

  it.each([
    ['the index of the user', 'index.lock', ['update-ref', REF, 'x', '']],
    ['the index of a worktree of the user', 'worktrees/theirs/index.lock', ['merge', '--ff-only', 'x']],
    ['older than the command that is on record', 'old', ['update-ref', REF, 'x', '']],
    ['with no record of any command', 'config.lock', undefined],
  ])('%s', async (_, name, args) => {
    const { recovery, lock, died, git, path } = await scene();
    await git.run(['worktree', 'add', '--quiet', '--detach', join(path, '../theirs')]);
    const found = name === 'old' ? lock('packed-refs.lock', Date.now() - 60_000) : lock(name);
    if (args) await died(args);
    expect(await recovery.settle()).toEqual([]);
    expect(existsSync(found)).toBe(true);
  });

  it('but the index goes that a landing of pwt in the checkout has left', async () => {
    const { recovery, lock, died } = await scene();
    await died(['merge', '--ff-only', 'x']);
    const path = lock('index.lock');
    await recovery.settle();
    expect(existsSync(path)).toBe(false);
  });
});

describe('a git that has outlived its pwt', () => {
  it('is waited for, and named if it does not end', async () => {
    const { recovery, machine, died, path } = await scene();
    await died(['update-ref', REF, 'x', '']);
    machine.running = [program({ cwd: path, args: ['git', '-c', 'a=b', 'update-ref', REF, 'x', ''] })];
    await expect(recovery.settle({ waitMs: 0 })).rejects.toMatchObject({
      code: 'PWT_GIT_STILL_RUNNING',
      hint: expect.stringContaining('kill 7'),
    });
    const settled = recovery.settle();
    machine.running = [];
    await settled;
  });
});

describe('a worktree that a killed git has half made', () => {
  const stages: Readonly<Record<string, (adminDir: string, path: string) => void>> = {
    'nothing but its folder': () => undefined,
    'a lock that says so': (adminDir) => writeFileSync(join(adminDir, 'locked'), 'initializing'),
    'where it is': (adminDir, path) => writeFileSync(join(adminDir, 'gitdir'), `${path}/.git\n`),
    'its link': (adminDir, path) => {
      mkdirSync(path);
      writeFileSync(join(path, '.git'), `gitdir: ${adminDir}\n`);
    },
    'a HEAD of zeros': (adminDir) => writeFileSync(join(adminDir, 'HEAD'), `${'0'.repeat(40)}\n`),
    'an empty commondir, over which every list dies': (adminDir) =>
      writeFileSync(join(adminDir, 'commondir'), ''),
    'all but the files': (adminDir) => writeFileSync(join(adminDir, 'commondir'), '../..\n'),
  };

  it.each(Object.keys(stages))('up to %s is taken back and made anew', async (last) => {
    const { git, died, path, recovery, commonDir, stateDir } = await scene();
    const worktree = join(dirname(path), 'wt1');
    const adminDir = join(commonDir, 'worktrees/wt1');
    await died(['worktree', 'add', '--quiet', '--', worktree, 'feature/1']);
    mkdirSync(adminDir, { recursive: true });
    for (const [name, make] of Object.entries(stages)) {
      make(adminDir, worktree);
      if (name === last) break;
    }
    await recovery.settle();
    expect(existsSync(adminDir)).toBe(false);
    expect((await listWorktrees(git)).map((entry) => entry.path)).toEqual([path]);
    expect(readdirSync(join(stateDir, 'git'))).toEqual([]);
  });

  it('stays where nothing shows that pwt has begun it', async () => {
    const { recovery, commonDir } = await scene();
    const adminDir = join(commonDir, 'worktrees/theirs');
    mkdirSync(adminDir, { recursive: true });
    await recovery.recover();
    expect(existsSync(adminDir)).toBe(true);
    expect(await recovery.unfinishedWorktrees()).toMatchObject([{ adminDir, ours: false }]);
  });
});

describe('the record of a running command', () => {
  it('goes when its pwt was killed before anything was written in it', async () => {
    const { recovery, stateDir } = await scene();
    mkdirSync(join(stateDir, 'git'), { recursive: true });
    writeFileSync(join(stateDir, 'git/99-1-1.json'), '');
    await recovery.settle();
    expect(readdirSync(join(stateDir, 'git'))).toEqual([]);
  });

  it('is there while it runs, and gone when it has ended; reading leaves none', async () => {
    const { recovery, git, commit, stateDir, path } = await scene();
    const land = await recovery.running.begin(['update-ref', REF, commit], path);
    expect(readdirSync(join(stateDir, 'git'))).toHaveLength(1);
    const [name = ''] = readdirSync(join(stateDir, 'git'));
    expect(statSync(join(stateDir, 'git', name)).mode & 0o777).toBe(0o600);
    await land(false);
    expect(readdirSync(join(stateDir, 'git'))).toEqual([]);
    await addWorktree(git, { path: join(dirname(path), 'wt'), head: { kind: 'detached', commit } });
    await readRef(git, REF);
    expect(readdirSync(join(stateDir, 'git'))).toEqual([]);
  });
});
