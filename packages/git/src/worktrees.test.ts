import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { repositoryWith, testEnvironment } from '../test/repository.js';
import { Git } from './git.js';
import { KeyedMutex } from './keyed-mutex.js';
import { retryWhileLocked } from './lock.js';
import { readRef } from './refs.js';
import { listWorktrees } from './worktree-list.js';
import {
  addWorktree,
  expectWorktrees,
  findWorktree,
  forgetWorktree,
  takeOffUnfinished,
} from './worktrees.js';

async function setUp() {
  const repository = await repositoryWith({ a: '1', 'dir/b': '2' });
  const commit = await repository.git.text(['rev-parse', 'HEAD']);
  return { repository, git: repository.git, folder: repository.folder, commit };
}

/** A git that does the first command of a kind, and is killed before it can say so. */
function killedOnce(folder: string, kind: string): string {
  const path = join(folder, 'mortal-git');
  const script = `#!/bin/sh
case " $* " in *' ${kind} '*) [ -e '${folder}/died' ] || { git "$@"; : >'${folder}/died'; kill -KILL $$; } ;; esac
exec git "$@"
`;
  writeFileSync(path, script, { mode: 0o755 });
  return path;
}

describe('a git that is killed', () => {
  it('is given another chance, and what it has done already is made anew or taken for done', async () => {
    const { repository, folder, commit } = await setUp();
    for (const kind of ['worktree add', 'update-ref']) {
      rmSync(join(folder, 'died'), { force: true });
      const git = new Git({ cwd: repository.path, env: testEnvironment, gitPath: killedOnce(folder, kind) });
      const path = join(folder, kind.replace(' ', '-'));
      const head = { kind: 'new-branch', branch: kind.replace(' ', '-'), commit } as const;
      expect(await addWorktree(git, { path, head })).toEqual({ status: 'added', path });
      expect(await readRef(git, `refs/heads/${head.branch}`)).toBe(commit);
      expect(existsSync(join(folder, 'died'))).toBe(true);
    }
    expect((await listWorktrees(repository.git)).map(({ path }) => path)).toHaveLength(3);
  });
});

describe('takeOffUnfinished', () => {
  it('leaves a worktree of a similar name alone that is just being added', async () => {
    const { repository, folder, commit } = await setUp();
    const adminDir = join(repository.path, '.git/worktrees/wt20');
    const gitPath = join(folder, 'slow-git');
    // As git begins: the directory is there, and nothing says yet what it is for.
    const begin = `mkdir -p '${adminDir}'; : >'${folder}/begun'; read -r go <'${folder}/go'; rmdir '${adminDir}'`;
    const script = `#!/bin/sh\ncase " $* " in *' worktree add '*) ${begin} || exit 1 ;; esac\nexec git "$@"\n`;
    writeFileSync(gitPath, script, { mode: 0o755 });
    execFileSync('mkfifo', [join(folder, 'go')]);
    const git = new Git({ cwd: repository.path, env: testEnvironment, gitPath });
    const path = join(folder, 'wt20');
    const added = addWorktree(git, { path, head: { kind: 'detached', commit } });
    await vi.waitUntil(() => existsSync(join(folder, 'begun')), { timeout: 20_000, interval: 5 });
    const taken = takeOffUnfinished(git, join(folder, 'wt2'));
    writeFileSync(join(folder, 'go'), 'go\n');
    expect(await added).toEqual({ status: 'added', path });
    expect(await taken).toBe(false);
  });
});

describe('addWorktree', () => {
  it('makes branches with the process that was started before', async () => {
    const { repository, folder, commit } = await setUp();
    const [gitPath, log] = [join(folder, 'counted-git'), join(folder, 'log')];
    writeFileSync(gitPath, `#!/bin/sh\necho "$*" >>'${log}'\nexec git "$@"\n`, { mode: 0o755 });
    const git = new Git({ cwd: repository.path, env: testEnvironment, gitPath });
    const started = () => (existsSync(log) ? readFileSync(log, 'utf8').match(/ update-ref /g)?.length : 0);
    expectWorktrees(git);
    await vi.waitUntil(() => started() === 1, { timeout: 20_000, interval: 5 });
    for (const branch of ['one', 'two'])
      await addWorktree(git, { path: join(folder, branch), head: { kind: 'new-branch', branch, commit } });
    expect(started()).toBe(1);
  });

  it('checks a new branch out at an exact commit, tracking nothing', async () => {
    const { repository, git, folder, commit } = await setUp();
    await repository.commit({ a: 'later' });
    await git.run(['config', 'branch.autoSetupMerge', 'always']);
    const config = readFileSync(join(repository.path, '.git/config'), 'utf8');
    const path = join(folder, "odd 'name\n é");
    const head = { kind: 'new-branch', branch: 'feature/us-020', commit } as const;
    expect(await addWorktree(git, { path, head })).toEqual({ status: 'added', path });
    expect(readFileSync(join(path, 'a'), 'utf8')).toBe('1');
    expect(await findWorktree(git, path)).toEqual({
      ...{ path, headCommit: commit, branch: 'refs/heads/feature/us-020', main: false, present: true },
      ...{ gitDir: expect.stringContaining('/.git/worktrees/'), bare: false, locked: null, prunable: null },
    });
    expect(readFileSync(join(repository.path, '.git/config'), 'utf8')).toBe(config);
  });

  it('can be detached, without files, or on an existing branch', async () => {
    const { git, folder, commit } = await setUp();
    await git.run(['branch', 'old', commit]);
    const add = (name: string, head: Parameters<typeof addWorktree>[1]['head'], checkout = true) =>
      addWorktree(git, { path: join(folder, name), head, checkout });
    await add('detached', { kind: 'detached', commit });
    await add('empty', { kind: 'new-branch', branch: 'empty', commit }, false);
    await add('old', { kind: 'branch', branch: 'old' });
    expect(readdirSync(join(folder, 'empty'))).toEqual(['.git']);
    const entries = await listWorktrees(git);
    expect(entries.map(({ branch }) => branch)).toEqual([
      ...['refs/heads/main', null, 'refs/heads/empty', 'refs/heads/old'],
    ]);
  });

  it('says what is in the way, and changes nothing', async () => {
    const { repository, git, folder, commit } = await setUp();
    const path = join(folder, 'w');
    const fresh = { kind: 'new-branch', branch: 'fresh', commit } as const;
    mkdirSync(path);
    writeFileSync(join(path, 'mine'), 'mine');
    expect(await addWorktree(git, { path, head: fresh })).toEqual({ status: 'path-exists', path });
    expect(readFileSync(join(path, 'mine'), 'utf8')).toBe('mine');
    rmSync(path, { recursive: true });
    symlinkSync('/nowhere', path);
    expect(await addWorktree(git, { path, head: fresh })).toEqual({ status: 'path-exists', path });
    rmSync(path);
    await git.run(['branch', 'taken', commit]);
    const taken = { kind: 'new-branch', branch: 'taken', commit } as const;
    expect(await addWorktree(git, { path, head: taken })).toEqual({
      ...{ status: 'branch-exists', branch: 'taken', actual: commit },
    });
    expect(await addWorktree(git, { path, head: { kind: 'branch', branch: 'main' } })).toEqual({
      ...{ status: 'branch-in-use', branch: 'main', path: repository.path },
    });
    expect(existsSync(path)).toBe(false);
    await addWorktree(git, { path, head: { kind: 'detached', commit } });
    rmSync(path, { recursive: true });
    expect(await addWorktree(git, { path, head: fresh })).toMatchObject({
      ...{ status: 'path-registered', entry: { path, prunable: expect.any(String) } },
    });
    expect(await readRef(git, 'refs/heads/fresh')).toBeNull();
  });

  it('takes the new branch back if the worktree cannot be made', async () => {
    const { git, folder, commit } = await setUp();
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file/below');
    const head = { kind: 'new-branch', branch: 'fresh', commit } as const;
    await expect(addWorktree(git, { path, head })).rejects.toThrow();
    expect(await readRef(git, 'refs/heads/fresh')).toBeNull();
    const odd = { kind: 'new-branch', branch: '-b', commit } as const;
    await expect(addWorktree(git, { path, head: odd })).rejects.toMatchObject({ code: 'PWT_BAD_REF_NAME' });
  });

  it('gives a path, or a branch, to one of those that want it at once, and loses nothing of that one', async () => {
    const { git, folder, commit } = await setUp();
    const add = (name: string, head: Parameters<typeof addWorktree>[1]['head']) =>
      addWorktree(git, { path: join(folder, name), head });
    const fresh = (branch: string) => ({ kind: 'new-branch', branch, commit }) as const;
    const results = await Promise.all([
      ...[add('same', fresh('a')), add('same', fresh('b')), add('same', { kind: 'detached', commit })],
      ...[add('x', fresh('one')), add('y', fresh('one')), add('z', { kind: 'branch', branch: 'one' })],
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      ...['added', 'path-exists', 'path-exists', 'added', 'branch-exists', 'branch-in-use'],
    ]);
    expect([await readRef(git, 'refs/heads/one'), await readRef(git, 'refs/heads/b')]).toEqual([
      commit,
      null,
    ]);
    expect(await listWorktrees(git)).toHaveLength(3);
  });

  it('adds 64 at once beside another process that does the same', async () => {
    const { repository, git, folder, commit } = await setUp();
    const ours = Array.from({ length: 64 }, (_, index) =>
      // An instance each: the order is kept per repository, not per instance.
      addWorktree(new Git({ cwd: repository.path, env: testEnvironment }), {
        path: join(folder, `w${index}`),
        head: { kind: 'new-branch', branch: `task/${index}`, commit },
      }),
    );
    // In no order with ours, as from another process.
    const theirs = Array.from({ length: 8 }, (_, index) =>
      retryWhileLocked(() =>
        git.run(['worktree', 'add', '-q', '--detach', join(folder, `o${index}`), commit]),
      ),
    );
    const looks = Array.from({ length: 16 }, () => listWorktrees(git));
    const outcomes = await Promise.all(ours);
    await Promise.all([...theirs, ...looks]);
    expect(outcomes.filter(({ status }) => status !== 'added')).toEqual([]);
    const entries = await listWorktrees(git);
    expect(entries).toHaveLength(1 + 64 + 8);
    for (const { path, headCommit, prunable } of entries) {
      expect({ headCommit, prunable, file: readFileSync(join(path, 'a'), 'utf8') }).toEqual({
        ...{ headCommit: commit, prunable: null, file: '1' },
      });
    }
  });
});

describe('listWorktrees', () => {
  it('looks again when it meets a worktree that is half added', async () => {
    const { git, folder, commit, repository } = await setUp();
    await addWorktree(git, { path: join(folder, 'w'), head: { kind: 'detached', commit } });
    const file = join(repository.path, '.git/worktrees/w/commondir');
    const content = readFileSync(file);
    writeFileSync(file, '');
    const wait = vi.fn(async () => writeFileSync(file, content));
    await retryWhileLocked(() => git.run(['worktree', 'list']), { wait });
    expect(wait).toHaveBeenCalledOnce();
  });
});

describe('forgetWorktree', () => {
  it('takes one whose directory is gone off the list, locked or not, and leaves the others', async () => {
    const { git, folder, commit } = await setUp();
    for (const name of ['w', 'locked', 'other']) {
      await addWorktree(git, { path: join(folder, name), head: { kind: 'detached', commit } });
      if (name === 'locked') await git.run(['worktree', 'lock', '--', join(folder, name)]);
      if (name !== 'other') rmSync(join(folder, name), { recursive: true });
    }
    for (const name of ['w', 'locked'])
      await forgetWorktree(git, (await findWorktree(git, join(folder, name)))?.gitDir ?? '');
    const listed = await git.text(['worktree', 'list', '--porcelain']);
    expect(listed.match(/^worktree .*/gm)).toEqual([
      `worktree ${git.cwd}`,
      `worktree ${join(folder, 'other')}`,
    ]);
    expect(await git.at(join(folder, 'other')).text(['status', '--porcelain'])).toBe('');
  });

  it('deletes nothing but the git directory of a linked worktree', async () => {
    const { git, folder } = await setUp();
    const main = join(git.cwd, '.git');
    for (const gitDir of [main, join(main, 'refs'), join(main, 'worktrees'), folder])
      await expect(forgetWorktree(git, gitDir)).rejects.toThrow('not the git directory');
    expect(await git.text(['rev-parse', '--verify', 'HEAD'])).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe('KeyedMutex', () => {
  it('runs one at a time per key, in order, past failures', async () => {
    const mutex = new KeyedMutex();
    const events: string[] = [];
    const job = (key: string, name: string, fails = false) =>
      mutex.run(key, async () => {
        events.push(`+${name}`);
        await Promise.resolve();
        events.push(`-${name}`);
        if (fails) throw new Error(name);
        return name;
      });
    const all = await Promise.allSettled([job('x', 'a', true), job('x', 'b'), job('y', 'c')]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(events.filter((event) => !event.endsWith('c'))).toEqual(['+a', '-a', '+b', '-b']);
    expect(events.indexOf('+c')).toBeLessThan(events.indexOf('+b'));
  });
});
