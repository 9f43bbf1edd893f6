import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RemoveRequest, Workspace } from '@pwt/core';
import { Git } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import {
  collectFrom,
  type Files,
  fingerprint,
  repositoryWith,
  type TestRepository,
  testEnvironment,
} from '../test/repository.js';
import { Trash } from './trash.js';

interface Stage {
  readonly repository: TestRepository;
  readonly base: string;
  readonly workspace: Workspace;
  readonly git: Git;
  readonly write: (files: Files) => void;
  readonly remove: (request?: Partial<RemoveRequest>) => ReturnType<TestRepository['provider']['remove']>;
}

async function stage(): Promise<Stage> {
  const { repository, base } = await repositoryWith({ a: 'a\n', '.gitignore': '*.log\ncache/\n' });
  const workspace = await repository.create('20', base);
  return {
    ...{ repository, base, workspace },
    git: repository.git.at(workspace.path),
    write: (files) => repository.write(files, workspace.path),
    remove: (request = { containedIn: base }) => repository.provider.remove({ workspace, ...request }),
  };
}

async function commitIn(git: Git): Promise<string> {
  await git.run(['add', '--all']);
  await git.run(['commit', '--quiet', '--allow-empty', '-m', 'agent']);
  return git.text(['rev-parse', 'HEAD']);
}

async function expectRemoved({ repository, workspace }: Stage): Promise<void> {
  expect(existsSync(workspace.path)).toBe(false);
  expect(await repository.linked()).toEqual([]);
  expect(await repository.branches()).not.toContain(workspace.branch);
  expect(await repository.provider.list()).toEqual([]);
}

async function expectKept(state: Stage, reason: string, request?: Partial<RemoveRequest>): Promise<void> {
  const { repository, workspace } = state;
  const files = existsSync(workspace.path) ? fingerprint(workspace.path) : null;
  const refs = await repository.git.text(['for-each-ref']);
  const outcome = await state.remove(request);
  expect(outcome).toMatchObject({ status: 'kept', reason, message: expect.any(String) });
  expect(existsSync(workspace.path) ? fingerprint(workspace.path) : null).toEqual(files);
  expect(await repository.git.text(['for-each-ref'])).toBe(refs);
  expect(trashed(repository)).toEqual([]);
  expect(await repository.provider.list()).toEqual([workspace]);
}

const trashed = ({ stateDir }: TestRepository): string[] =>
  existsSync(join(stateDir, 'trash'))
    ? readdirSync(join(stateDir, 'trash')).filter((name) => !name.endsWith('.json'))
    : [];

/** True for root where it may mount, as in a container with the right to. */
const canMount = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'pwt-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
})();

describe('remove', () => {
  it('takes worktree, branch and record away, and says so again', async () => {
    const state = await stage();
    state.write({ b: 'b\n' });
    const containedIn = await commitIn(state.git);
    expect(await state.remove({ containedIn })).toEqual({ status: 'removed' });
    await expectRemoved(state);
    expect(trashed(state.repository)).toEqual([]);
    expect(await state.remove({ containedIn })).toEqual({ status: 'gone' });
  });

  it('keeps ignored files in the trash until they are purged', async () => {
    const state = await stage();
    state.write({ 'x.log': 'log\n', 'cache/deep/y': 'y\n', 'all/z.log': 'z\n', 'cache/inner/.git/x': '' });
    expect(await state.remove()).toEqual({ status: 'removed' });
    await expectRemoved(state);
    const [name = ''] = trashed(state.repository);
    const folder = join(state.repository.stateDir, 'trash', name);
    expect(readFileSync(join(folder, 'x.log'), 'utf8')).toBe('log\n');
    expect(readFileSync(join(folder, 'cache/deep/y'), 'utf8')).toBe('y\n');
    expect(readFileSync(join(folder, 'all/z.log'), 'utf8')).toBe('z\n');
    expect(existsSync(join(folder, 'cache/inner/.git/x'))).toBe(true);
    expect(existsSync(join(folder, 'a'))).toBe(false);

    const day = 24 * 60 * 60_000;
    const later = (days: number) => state.repository.providerWith({ now: () => Date.now() + days * day });
    const expire = (days: number) => later(days).expire({ olderThanDays: 7 });
    const about = { kind: 'ignored-files', name: folder, runId: 'r1', taskId: '20' };
    expect(await expire(6)).toMatchObject([{ ...about, status: 'listed' }]);
    expect(await later(8).expire({ olderThanDays: 7, dryRun: true })).toMatchObject([
      { ...about, status: 'deleted' },
    ]);
    expect(existsSync(folder)).toBe(true);
    expect(await expire(8)).toMatchObject([{ ...about, status: 'deleted' }]);
    expect(readdirSync(join(state.repository.stateDir, 'trash'))).toEqual([]);
  });

  it('deletes nothing that no earlier call has listed, however old it is', async () => {
    const state = await stage();
    state.write({ 'x.log': 'log\n', b: 'b\n' });
    await state.remove({ force: ['dirty', 'unmerged'] });
    const old = state.repository.providerWith({ now: () => Date.now() + 1e12 });
    const kinds = async () =>
      (await old.expire({ olderThanDays: 7 })).map(({ kind, status }) => [kind, status]);
    expect(await kinds()).toEqual([
      ['snapshot', 'listed'],
      ['ignored-files', 'listed'],
    ]);
    expect(await kinds()).toEqual([
      ['snapshot', 'deleted'],
      ['ignored-files', 'deleted'],
    ]);
    expect(await kinds()).toEqual([]);
  });

  it('deletes no directory of which the removal was interrupted, however old and listed it is', async () => {
    const state = await stage();
    state.write({ b: 'work\n' });
    const { id, path } = state.workspace;
    const entry = await new Trash(join(state.repository.stateDir, 'trash')).take(path, id);
    // So that it can't be put back.
    mkdirSync(path);
    const old = state.repository.providerWith({ now: () => Date.now() + 1e12 });
    for (let times = 0; times < 2; times += 1) expect(await old.expire({ olderThanDays: 7 })).toEqual([]);
    rmdirSync(path);
    expect(await state.remove()).toMatchObject({ status: 'kept', reason: 'dirty' });
    expect(readFileSync(join(path, 'b'), 'utf8')).toBe('work\n');
    expect(existsSync(entry.path)).toBe(false);
  });

  it('finishes what a kill has left: the directory gone, the rest not', async () => {
    const state = await stage();
    rmSync(state.workspace.path, { recursive: true });
    expect(await state.remove()).toEqual({ status: 'gone' });
    await expectRemoved(state);
  });
});

describe('what comes in between the check and the move', () => {
  /** A provider whose git does something in the worktree once, when it was found clean. */
  function racing({ repository, workspace }: Stage, act: string) {
    const gitPath = join(repository.folder, 'git');
    const once = `mkdir '${join(repository.folder, 'raced')}' 2>/dev/null`;
    const race = `git "$@"; code=$?; (cd '${workspace.path}' && ${act}) >&2; exit $code`;
    const script = `case " $* " in *" status "*) if ${once}; then ${race}; fi ;; esac\nexec git "$@"\n`;
    writeFileSync(gitPath, `#!/bin/sh\n${script}`, { mode: 0o755 });
    return repository.providerWith({ git: new Git({ cwd: repository.path, env: testEnvironment, gitPath }) });
  }

  it.each([
    'echo work > b',
    'git commit --quiet --allow-empty -m work',
    'git update-index --skip-worktree a; echo work > a',
    'git update-index --assume-unchanged a; echo work > a',
  ])('keeps it: %s', async (act) => {
    const state = await stage();
    const { workspace, base, repository } = state;
    const outcome = await racing(state, act).remove({ workspace, containedIn: base });
    // What a flag hides is looked for beside the status, so the same check may see it.
    const reason = act.includes('update-index') ? /^(in-use|dirty)$/ : /^in-use$/;
    expect(outcome).toMatchObject({ status: 'kept', reason: expect.stringMatching(reason) });
    expect(existsSync(join(workspace.path, 'a'))).toBe(true);
    expect(trashed(repository)).toEqual([]);
    const isCommitted = (await state.git.text(['rev-parse', 'HEAD'])) !== base;
    const isThere = ['a', 'b'].some((name) => {
      const file = join(workspace.path, name);
      return existsSync(file) && readFileSync(file, 'utf8') === 'work\n';
    });
    expect(isCommitted || isThere).toBe(true);
  });

  it('keeps an ignored file in the trash', async () => {
    const state = await stage();
    const { workspace, base, repository } = state;
    const provider = racing(state, 'echo late > late.log');
    expect(await provider.remove({ workspace, containedIn: base })).toEqual({ status: 'removed' });
    const [name = ''] = trashed(repository);
    expect(readFileSync(join(repository.stateDir, 'trash', name, 'late.log'), 'utf8')).toBe('late\n');
  });
});

describe('a worktree of which nothing but a commit was left', () => {
  async function collected() {
    const state = await stage();
    const { repository, workspace, write } = state;
    write({ b: 'b\n', 'late.log': 'ignored\n' });
    const outcome = await collectFrom(repository.provider, { workspace, message: 'left\n' });
    return { ...state, containedIn: outcome.status === 'collected' ? outcome.commit : '' };
  }

  it('goes after one look, in the trash', async () => {
    const state = await collected();
    const { workspace, containedIn, repository } = state;
    expect(await repository.provider.remove({ workspace, containedIn })).toEqual({ status: 'removed' });
    await expectRemoved(state);
    const [name = ''] = trashed(repository);
    expect(readdirSync(join(repository.stateDir, 'trash', name))).toEqual(['late.log']);
  });

  it.each<[string, (state: Stage) => unknown, string]>([
    ['an edit', ({ write }) => write({ a: 'A\n' }), 'dirty'],
    ['a new file', ({ write }) => write({ c: 'c\n' }), 'dirty'],
    ['a commit', ({ git }) => git.run(['commit', '--quiet', '--allow-empty', '-m', 'more']), 'unmerged'],
  ])('stays where it is with %s since, and says why', async (_what, act, reason) => {
    const state = await collected();
    const { workspace, containedIn, repository } = state;
    await act(state);
    const before = fingerprint(workspace.path);
    const outcome = await repository.provider.remove({ workspace, containedIn });
    expect(outcome).toMatchObject({ status: 'kept', reason });
    expect(fingerprint(workspace.path)).toEqual(before);
    expect(trashed(repository)).toEqual([]);
    expect(await repository.provider.foresee({ workspace, containedIn })).toEqual(outcome);
  });
});

describe('what keeps a worktree', () => {
  const dirt: Record<string, (state: Stage) => Promise<unknown> | undefined> = {
    'an edit': async ({ write }) => write({ a: 'A\n' }),
    'a staged file': async ({ write, git }) => {
      write({ b: 'b\n' });
      await git.run(['add', 'b']);
    },
    'an untracked file': async ({ write }) => write({ b: 'b\n' }),
    'a deletion': async ({ write }) => write({ a: null }),
    'a repository inside': async ({ write, git }) => {
      write({ 'inner/x': 'x\n' });
      await git.run(['init', '--quiet', 'inner']);
    },
    'a `.git` file that is gone': async ({ workspace }) => rmSync(join(workspace.path, '.git')),
  };
  for (const [name, make] of Object.entries(dirt)) {
    it(`${name}: dirty`, async () => {
      const state = await stage();
      await make(state);
      await expectKept(state, 'dirty');
      await expectKept(state, 'dirty', { containedIn: state.base, force: ['unmerged'] });
    });
  }

  it('a commit that is contained nowhere: unmerged', async () => {
    const state = await stage();
    await commitIn(state.git);
    await expectKept(state, 'unmerged');
    await expectKept(state, 'unmerged', {});
    await expectKept(state, 'unmerged', { force: ['dirty'] });
  });

  it('no word about what contains it: unmerged', async () => {
    await expectKept(await stage(), 'unmerged', {});
  });

  it('work on the branch that HEAD does not have, and the reverse', async () => {
    const state = await stage();
    await commitIn(state.git);
    await state.git.run(['checkout', '--quiet', '--detach', state.base]);
    await expectKept(state, 'unmerged');
    await commitIn(state.git);
    await state.git.run(['branch', '--force', state.workspace.branch ?? '', state.base]);
    await expectKept(state, 'unmerged');
  });

  it('a squash of the same content is no evidence', async () => {
    const state = await stage();
    state.write({ b: 'b\n' });
    await commitIn(state.git);
    const containedIn = await state.repository.commit({ b: 'b\n' });
    await expectKept(state, 'unmerged', { containedIn });
  });

  it('an embedded repository that was committed as a pointer', async () => {
    const state = await stage();
    state.write({ 'inner/x': 'x\n' });
    await state.git.run(['init', '--quiet', 'inner']);
    await commitIn(state.git.at(join(state.workspace.path, 'inner')));
    const containedIn = await commitIn(state.git);
    await expectKept(state, 'unmerged', { containedIn });
  });

  it('an operation in progress, a lock: in use', async () => {
    const state = await stage();
    await state.git.run(['bisect', 'start']);
    await expectKept(state, 'in-use');
    await state.git.run(['bisect', 'reset']);
    await state.repository.git.run(['worktree', 'lock', state.workspace.path]);
    await expectKept(state, 'in-use');
    await state.repository.git.run(['worktree', 'unlock', state.workspace.path]);
    expect(await state.remove()).toEqual({ status: 'removed' });
  });

  it('its branch checked out elsewhere, to look at the work: in use', async () => {
    const state = await stage();
    await state.git.run(['checkout', '--quiet', '--detach']);
    await state.repository.git.run(['checkout', '--quiet', state.workspace.branch ?? '']);
    await expectKept(state, 'in-use');
  });

  it('another repository, a foreign worktree, or a copy in its place: not ours', async () => {
    const replacements: Record<string, (state: Stage, path: string) => Promise<unknown>> = {
      repository: ({ repository }, path) => repository.git.run(['init', '--quiet', path]),
      worktree: async ({ repository }, path) => {
        await repository.git.run(['worktree', 'prune', '--expire=now']);
        await repository.git.run(['worktree', 'add', '--quiet', '--detach', path]);
      },
      copy: async ({ repository, git }, path) => {
        await git.at(repository.path).run(['worktree', 'repair', `${path}-moved`]);
        cpSync(`${path}-moved`, path, { recursive: true });
      },
      file: async (_, path) => writeFileSync(path, 'mine\n'),
    };
    for (const make of Object.values(replacements)) {
      const state = await stage();
      const { path } = state.workspace;
      renameSync(path, `${path}-moved`);
      await make(state, path);
      const before = readdirSync(state.repository.folder);
      expect(await state.remove({ containedIn: state.base, force: ['dirty', 'unmerged'] })).toMatchObject({
        status: 'kept',
        reason: 'not-ours',
      });
      expect(readdirSync(state.repository.folder)).toEqual(before);
    }
  });

  it('no record of it: not ours, and gone where nothing is', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const path = join(repository.folder, 'users-own');
    const workspace = {
      id: 'r1.9',
      provider: 'git-worktree',
      kind: 'task',
      runId: 'r1',
      taskId: '9',
      path,
      base,
    } as const;
    expect(await repository.provider.remove({ workspace })).toEqual({ status: 'gone' });
    mkdirSync(path);
    expect(await repository.provider.remove({ workspace, force: ['dirty', 'unmerged'] })).toMatchObject({
      reason: 'not-ours',
    });
    expect(existsSync(path)).toBe(true);
  });
});

describe('force', () => {
  it('keeps what it gives up in a snapshot, and only ignored files in the trash', async () => {
    const state = await stage();
    const { git } = state.repository;
    state.write({ b: 'committed\n' });
    const tip = await commitIn(state.git);
    state.write({ b: 'staged\n' });
    await state.git.run(['add', 'b']);
    state.write({ b: 'edited\n', c: 'new\n', 'x.log': 'l\n' });
    const outcome = await state.remove({ force: ['dirty', 'unmerged'], reason: 'before retry' });
    const ref = 'refs/pwt/r1/snapshots/20/1';
    expect(outcome).toMatchObject({ status: 'removed', snapshot: { ref } });
    await expectRemoved(state);
    expect(await git.text(['show', `${ref}:b`])).toBe('edited');
    expect(await git.text(['show', `${ref}:c`])).toBe('new');
    expect(await git.text(['show', `${ref}^2:b`])).toBe('staged');
    expect(await git.text(['rev-parse', `${ref}^`])).toBe(tip);
    expect(await git.text(['show', '-s', '--format=%s', ref])).toBe('pwt: task 20, before retry');
    const [name = ''] = trashed(state.repository);
    expect(readdirSync(join(state.repository.stateDir, 'trash', name))).toEqual(['x.log']);
  });

  it('takes no snapshot of what is contained anyway', async () => {
    const state = await stage();
    expect(await state.remove({ containedIn: state.base, force: ['dirty', 'unmerged'] })).toEqual({
      status: 'removed',
    });
  });

  it('takes away what is ours without its `.git`, from the files and the record', async () => {
    const state = await stage();
    state.write({ a: 'edited\n', c: 'new\n', 'x.log': 'l\n' });
    rmSync(join(state.workspace.path, '.git'));
    const outcome = await state.remove({ force: ['dirty', 'unmerged'] });
    expect(outcome).toMatchObject({ status: 'removed' });
    await expectRemoved(state);
    const ref = 'refs/pwt/r1/snapshots/20/1';
    expect(await state.repository.git.text(['show', `${ref}:a`])).toBe('edited');
    expect(await state.repository.git.text(['show', `${ref}:c`])).toBe('new');
  });

  it('keeps what was staged in a worktree whose directory is gone', async () => {
    const state = await stage();
    state.write({ c: 'staged\n' });
    await state.git.run(['add', 'c']);
    rmSync(state.workspace.path, { recursive: true });
    const outcome = await state.remove({ containedIn: state.base });
    expect(outcome).toMatchObject({ status: 'gone', snapshot: { ref: 'refs/pwt/r1/snapshots/20/1' } });
    expect(await state.repository.git.text(['show', 'refs/pwt/r1/snapshots/20/1:c'])).toBe('staged');
  });

  it('keeps a link that leads out, which is no work that holds a worktree', async () => {
    const state = await stage();
    state.write({ out: { link: '/etc/hostname' } });
    expect(await state.remove()).toMatchObject({ status: 'removed', snapshot: expect.anything() });
    const entry = await state.repository.git.text(['ls-tree', 'refs/pwt/r1/snapshots/20/1', 'out']);
    expect(entry).toMatch(/^120000/);
    expect(trashed(state.repository)).toEqual([]);
  });
});

describe('a removal that can not be finished', () => {
  /** A provider with a git that fails at one command. */
  function failing({ repository }: Stage, command: string) {
    const gitPath = join(repository.folder, 'git');
    const script = `#!/bin/sh\ncase " $* " in *" ${command} "*) echo "No space left on device" >&2; exit 128;; esac\nexec git "$@"\n`;
    writeFileSync(gitPath, script, { mode: 0o755 });
    return repository.providerWith({ git: new Git({ cwd: repository.path, env: testEnvironment, gitPath }) });
  }

  it.each(['write-tree', 'commit-tree', 'add', 'update-ref'])(
    'puts everything back when %s fails, and the second try loses nothing either',
    async (command) => {
      const state = await stage();
      state.write({ a: 'edited\n', c: 'new\n', 'x.log': 'l\n' });
      const before = fingerprint(state.workspace.path);
      const { workspace, repository } = state;
      for (const _ of [1, 2]) {
        const removal = failing(state, command).remove({ workspace, force: ['dirty', 'unmerged'] });
        await expect(removal).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
        expect(fingerprint(workspace.path)).toEqual(before);
        expect(trashed(repository)).toEqual([]);
        expect(await repository.linked()).toEqual([workspace.path]);
      }
      expect(await state.remove({ force: ['dirty', 'unmerged'] })).toMatchObject({ status: 'removed' });
      expect(await repository.git.text(['show', 'refs/pwt/r1/snapshots/20/1:c'])).toBe('new');
    },
  );

  it.skipIf(!canMount)('loses nothing on a disk that is full, and goes on when there is room', async () => {
    // As small as it gets: the repository's objects alone are on it.
    const state = await stage();
    const { repository, workspace } = state;
    const objects = join(repository.commonDir, 'objects');
    renameSync(objects, `${objects}-kept`);
    mkdirSync(objects);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', objects]);
    try {
      cpSync(`${objects}-kept`, objects, { recursive: true });
      // Random bytes: no compression makes them fit.
      state.write({ a: 'edited\n', c: randomBytes(300_000).toString('hex'), 'x.log': 'l\n' });
      const before = fingerprint(workspace.path);
      for (const _ of [1, 2]) {
        await expect(state.remove({ force: ['dirty', 'unmerged'] })).rejects.toMatchObject({
          code: expect.stringMatching(/^PWT_(GIT_FAILED|DISK_FULL)$/),
        });
        expect(fingerprint(workspace.path)).toEqual(before);
        expect(trashed(repository)).toEqual([]);
      }
      execFileSync('mount', ['-o', 'remount,size=8m', objects]);
      expect(await state.remove({ force: ['dirty', 'unmerged'] })).toMatchObject({ status: 'removed' });
      expect(await repository.git.text(['show', 'refs/pwt/r1/snapshots/20/1:a'])).toBe('edited');
    } finally {
      execFileSync('umount', [objects]);
    }
  });

  it('starts over where it was killed with the directory in the trash', async () => {
    const state = await stage();
    const source = await repositoryWith({ s: 's\n' });
    const allow = ['-c', 'protocol.file.allow=always'];
    await state.git.run([...allow, 'submodule', '--quiet', 'add', source.repository.path, 'lib']);
    await commitIn(state.git.at(join(state.workspace.path, 'lib')));
    state.write({ c: 'new\n' });
    // As the process leaves it that dies right after the rename.
    const trash = new Trash(join(state.repository.stateDir, 'trash'));
    await trash.take(state.workspace.path, state.workspace.id);
    expect(await state.remove({ containedIn: state.base })).toMatchObject({
      status: 'kept',
      reason: 'dirty',
    });
    expect(readFileSync(join(state.workspace.path, 'c'), 'utf8')).toBe('new\n');
    expect(await state.remove({ force: ['dirty', 'unmerged'] })).toMatchObject({ status: 'removed' });
    const files = await state.repository.git.lines([
      ...['ls-tree', '-r', '--name-only', 'refs/pwt/r1/snapshots/20/1^2^2'],
    ]);
    expect(files).toContain('inner/0/git/HEAD');
  });
});

describe('what a removal would do', () => {
  it('is what it then does, by one rule, and asking changes nothing', async () => {
    const states: readonly (readonly [string, (state: Stage) => Promise<unknown>])[] = [
      ['clean', async () => undefined],
      ['dirty', async ({ write }) => write({ b: 'b\n' })],
      ['unmerged', async ({ git }) => commitIn(git)],
      ['in the middle', async ({ git }) => git.run(['bisect', 'start'])],
      ['gone', async ({ workspace }) => rmSync(workspace.path, { recursive: true })],
      ['broken', async ({ workspace }) => rmSync(join(workspace.path, '.git'))],
    ];
    for (const [name, make] of states) {
      for (const force of [[], ['dirty'], ['dirty', 'unmerged']] as const) {
        const state = await stage();
        await make(state);
        const { repository, workspace, base } = state;
        const refs = await repository.git.text(['for-each-ref']);
        const request = { workspace, containedIn: base, force };
        const foreseen = await repository.provider.foresee(request);
        expect(await repository.git.text(['for-each-ref'])).toBe(refs);
        const { status } = await repository.provider.remove(request);
        expect([name, force, foreseen.status]).toEqual([name, force, status]);
      }
    }
  });
});

describe('snapshot', () => {
  const take = ({ repository, workspace }: Stage) =>
    repository.provider.snapshot({ workspace, reason: 'failed' });

  it('keeps uncommitted work, the same state once', async () => {
    const state = await stage();
    expect(await take(state)).toBeUndefined();
    await commitIn(state.git);
    expect(await take(state)).toBeUndefined();
    state.write({ c: 'new\n' });
    const first = await take(state);
    expect(first?.ref).toBe('refs/pwt/r1/snapshots/20/1');
    expect(await take(state)).toMatchObject({ ...first });
    state.write({ c: 'newer\n' });
    expect((await take(state))?.ref).toBe('refs/pwt/r1/snapshots/20/2');
    expect(await state.repository.provider.list()).toEqual([state.workspace]);
  });

  it('goes when its run closes and its content is contained in what has landed', async () => {
    const state = await stage();
    state.write({ c: 'new\n' });
    await take(state);
    const close = (landed: string) => state.repository.provider.close({ runId: 'r1', landed });
    await close(state.base);
    const refs = () => state.repository.git.text(['for-each-ref', 'refs/pwt/']);
    expect(await refs()).not.toBe('');
    await close(await commitIn(state.git));
    expect(await refs()).toBe('');
  });
});
