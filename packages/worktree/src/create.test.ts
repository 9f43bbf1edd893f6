import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  fingerprint,
  repositoryWith,
  type TestRepository,
  testEnvironment,
  userState,
} from '../test/repository.js';

const git = (repository: TestRepository, path: string) => repository.git.at(path);

describe('create', () => {
  it('makes a clean worktree beside the checkout, on a branch of its own, at the exact commit', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n', 'b/c': 'c\n' });
    await repository.commit({ a: 'later\n' });
    const workspace = await repository.create('20', base);
    expect(workspace).toEqual({
      ...{ id: 'r1.20', provider: 'git-worktree', kind: 'task', runId: 'r1', taskId: '20', base },
      path: join(repository.folder, 'repo-wt20'),
      branch: 'feature/us-020',
    });
    const inside = git(repository, workspace.path);
    expect(await inside.text(['rev-parse', 'HEAD', 'feature/us-020'])).toBe(`${base}\n${base}`);
    expect(await inside.text(['symbolic-ref', 'HEAD'])).toBe('refs/heads/feature/us-020');
    expect(await inside.text(['status', '--porcelain', '--ignored'])).toBe('');
    expect(await repository.provider.list({ runId: 'r1' })).toEqual([workspace]);
    expect(await repository.provider.list({ runId: 'r2' })).toEqual([]);
  });

  it('tracks nothing and changes nothing of the user', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    await repository.git.run(['config', 'branch.autoSetupMerge', 'always']);
    await repository.git.run(['config', 'push.autoSetupRemote', 'true']);
    repository.write({ a: 'mine\n', new: 'mine\n' });
    const before = [fingerprint(repository.path), await userState(repository.git)];
    await repository.create('20', base);
    expect([fingerprint(repository.path), await userState(repository.git)]).toEqual(before);
  });

  it('finds the worktree that this run made before, also after a restart', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const workspace = await repository.create('20', base);
    await writeFileSync(join(workspace.path, 'work'), 'w\n');
    const later = await repository.commit({ a: 'b\n' });
    expect(await repository.create('20', later, repository.providerWith({}))).toEqual(workspace);
    expect(existsSync(join(workspace.path, 'work'))).toBe(true);
  });

  it('makes 12 at once', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const ids = Array.from({ length: 12 }, (_, index) => String(index + 1));
    const made = await Promise.all(ids.map((id) => repository.create(id, base)));
    expect(new Set(made.map(({ path }) => path)).size).toBe(12);
    expect((await repository.linked()).length).toBe(12);
  });

  it('runs no hook of the user', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    mkdirSync(join(repository.commonDir, 'hooks'), { recursive: true });
    writeFileSync(join(repository.commonDir, 'hooks/post-checkout'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    await repository.create('20', base);
  });

  it('refuses a commit that does not exist, and leaves nothing', async () => {
    const { repository } = await repositoryWith({ a: 'a\n' });
    await expect(repository.create('20', '1'.repeat(40))).rejects.toMatchObject({
      code: 'PWT_COMMIT_NOT_FOUND',
    });
    await expectNothing(repository);
  });

  it('refuses ids that are no names', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    for (const id of ['../x', '$(touch x)', '', 'a b', '.git']) {
      await expect(repository.create(id, base)).rejects.toMatchObject({ code: 'PWT_TASK_ID_INVALID' });
    }
    await expectNothing(repository);
  });
});

describe('what is there already', () => {
  it('a folder stays as it is', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const path = join(repository.folder, 'repo-wt20');
    for (const make of [
      () => repository.write({ 'x/y': 'mine\n' }, path),
      () => mkdirSync(path),
      () => writeFileSync(path, 'a file\n'),
      () => symlinkSync('/nonexistent', path),
    ]) {
      make();
      const isLink = !existsSync(path);
      await expect(repository.create('20', base)).rejects.toMatchObject({
        code: isLink ? 'PWT_WORKTREE_LOCATION' : 'PWT_WORKTREE_EXISTS',
      });
      expect(await repository.branches()).toEqual(['main']);
      if (existsSync(join(path, 'x'))) expect(readFileSync(join(path, 'x/y'), 'utf8')).toBe('mine\n');
      rmSync(path, { recursive: true });
    }
    expect(await repository.provider.list()).toEqual([]);
  });

  it('a worktree of another run stays, and the message names the run', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const workspace = await repository.create('20', base);
    writeFileSync(join(workspace.path, 'work'), 'w\n');
    const second = repository.provider.create({ runId: 'r2', taskId: '20', title: '', base });
    await expect(second).rejects.toMatchObject({
      code: 'PWT_WORKTREE_EXISTS',
      message: expect.stringContaining('run r1 for task 20'),
      hint: expect.stringContaining('git worktree move'),
    });
    expect(existsSync(join(workspace.path, 'work'))).toBe(true);
    expect((await repository.provider.list()).length).toBe(1);
  });

  it('a branch, one above it and one below it stay', async () => {
    for (const existing of ['feature/us-020', 'feature', 'feature/us-020/deep']) {
      const { repository, base } = await repositoryWith({ a: 'a\n' });
      await repository.git.run(['branch', existing]);
      await expect(repository.create('20', base)).rejects.toMatchObject({
        code: 'PWT_BRANCH_EXISTS',
        hint: expect.stringContaining(`git branch -m ${existing} `),
      });
      expect(await repository.branches()).toEqual([existing, 'main'].sort());
      expect(await repository.linked()).toEqual([]);
      expect(await repository.provider.list()).toEqual([]);
    }
  });

  it('a worktree whose folder is gone is not silently replaced', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const path = join(repository.folder, 'repo-wt20');
    await repository.git.run(['worktree', 'add', '--quiet', '-b', 'mine', path]);
    renameSync(path, `${path}-moved`);
    await expect(repository.create('20', base)).rejects.toMatchObject({
      code: 'PWT_WORKTREE_EXISTS',
      hint: expect.stringContaining('git worktree prune'),
    });
  });
});

describe('a call that failed or was killed', () => {
  it('with a failing git leaves nothing', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n', '.gitattributes': 'a filter=broken\n' });
    await repository.git.run(['config', 'filter.broken.smudge', 'false']);
    await repository.git.run(['config', 'filter.broken.required', 'true']);
    await expect(repository.create('20', base)).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
    await expectNothing(repository);
  });

  it('with a failing setup command leaves nothing but the log', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const command = 'echo "in $(basename "$PWT_WORKTREE") for $PWT_TASK_ID"; touch made; exit 3';
    const provider = repository.providerWith({ setup: { command } });
    const error = await repository.create('20', base, provider).catch((reason) => reason);
    expect(error).toMatchObject({
      code: 'PWT_SETUP_FAILED',
      data: { command, exitCode: 3, timedOut: false },
    });
    expect(readFileSync(error.data.logFile, 'utf8')).toBe('in repo-wt20 for 20\n');
    await expectNothing(repository);
  });

  it('with a setup command that is ended by the signal, and runs again in the next call', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const { commonDir: folder } = repository;
    const command = `test -e ${folder}/again || { echo > ${folder}/begun; mkfifo f; read x < f; }`;
    const provider = repository.providerWith({ setup: { command } });
    const stop = new AbortController();
    const request = { runId: 'r1', taskId: '20', title: 'Task 20', base };
    const settled = provider
      .create({ ...request, abortSignal: stop.signal })
      .catch((error: unknown) => error);
    await expect.poll(() => existsSync(join(folder, 'begun')), { timeout: 30_000 }).toBe(true);
    stop.abort();
    expect(await settled).toMatchObject({ code: 'PWT_ABORTED' });
    await expectNothing(repository);
    writeFileSync(join(folder, 'again'), '');
    expect((await provider.create(request)).setup?.logFile).toMatch(/r1\.20\.log$/);
  });

  it('with a setup command that never ends', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const setup = { command: 'mkfifo f; read x < f', timeoutMs: 100 };
    await expect(repository.create('20', base, repository.providerWith({ setup }))).rejects.toMatchObject({
      code: 'PWT_SETUP_FAILED',
      data: { timedOut: true },
    });
    await expectNothing(repository);
  });

  /** As a kill leaves it: the record says `creating`. */
  async function interrupted(): Promise<{ repository: TestRepository; base: string; path: string }> {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const { path } = await repository.create('20', base);
    const file = join(repository.stateDir, 'worktrees/r1.20.json');
    const record = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...record, state: 'creating' }));
    return { repository, base, path };
  }

  it('is completed by the next call of the run; files found there are kept in the trash', async () => {
    const { repository, base, path } = await interrupted();
    rmSync(join(path, 'a'));
    writeFileSync(join(path, 'found'), 'f\n');
    expect((await repository.create('20', base)).path).toBe(path);
    expect(readFileSync(join(path, 'a'), 'utf8')).toBe('a\n');
    expect(existsSync(join(path, 'found'))).toBe(false);
    const [folder] = readdirSync(join(repository.stateDir, 'trash')).filter(
      (name) => !name.endsWith('.json'),
    );
    expect(existsSync(join(repository.stateDir, 'trash', folder ?? '', 'found'))).toBe(true);
  });

  it('is completed where only the branch, or only the registration was made', async () => {
    for (const breakIt of [
      async ({ git }: TestRepository, path: string) => git.run(['worktree', 'remove', '--force', path]),
      async (_: TestRepository, path: string) => rmSync(path, { recursive: true }),
    ]) {
      const { repository, base, path } = await interrupted();
      await breakIt(repository, path);
      expect((await repository.create('20', base)).path).toBe(path);
      expect((await repository.linked()).length).toBe(1);
    }
  });

  it('does not touch what another program has put there since', async () => {
    const { repository, base, path } = await interrupted();
    await repository.git.run(['worktree', 'remove', '--force', path]);
    repository.write({ precious: 'mine\n' }, path);
    await expect(repository.create('20', base)).rejects.toMatchObject({ code: 'PWT_WORKTREE_EXISTS' });
    expect(readFileSync(join(path, 'precious'), 'utf8')).toBe('mine\n');
  });

  it('keeps a branch that has been committed on', async () => {
    const { repository, base, path } = await interrupted();
    await repository.git.at(path).run(['commit', '--allow-empty', '-m', 'work']);
    await expect(repository.create('20', base)).rejects.toMatchObject({ code: 'PWT_BRANCH_EXISTS' });
    expect(await repository.branches()).toContain('feature/us-020');
  });

  it('can be removed', async () => {
    const { repository } = await interrupted();
    const [workspace] = await repository.provider.list();
    if (workspace === undefined) throw new Error('nothing listed');
    expect(await repository.provider.remove({ workspace })).toEqual({ status: 'removed' });
    await expectNothing(repository);
  });
});

describe('a worktree that was lost', () => {
  it('is an error that says how to go on where work is on its branch', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const { path } = await repository.create('20', base);
    await repository.git.at(path).run(['commit', '--quiet', '--allow-empty', '-m', 'work']);
    rmSync(path, { recursive: true });
    await expect(repository.create('20', base)).rejects.toMatchObject({
      code: 'PWT_WORKTREE_BROKEN',
      hint: expect.stringContaining('git worktree add'),
    });
  });
});

describe('templates', () => {
  async function withTemplates(worktreeTemplate: string, branchTemplate = 'b/{id}') {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    return { repository, base, provider: repository.providerWith({ worktreeTemplate, branchTemplate }) };
  }

  it('fill all placeholders', async () => {
    const { repository, base, provider } = await withTemplates(
      '../{run}/{id3}-{slug}',
      'x/{run}/{id3}-{id}-{slug}',
    );
    const { workspace } = await provider.create({
      runId: 'r1',
      taskId: '7',
      title: 'Größe: `Ändern`! $(x)',
      base,
    });
    expect(workspace.path).toBe(
      join(repository.folder, 'r1/007-große-andern-x'.replace('ß', '-').replace('gro-e', 'gro-e')),
    );
    expect(workspace.branch).toBe('x/r1/007-7-gro-e-andern-x');
  });

  it('refuse an unknown placeholder, and a name that git does not take', async () => {
    for (const [worktree, branch] of [
      ['../{task}', 'b'],
      ['../{id}', 'a..b/{id}'],
      ['../{id}', '-{id}'],
      ['../{id}', '{id}.lock'],
      ['../{id}', '{nope}'],
    ] as const) {
      const { base, provider, repository } = await withTemplates(worktree, branch);
      await expect(repository.create('1', base, provider)).rejects.toMatchObject({
        code: 'PWT_TEMPLATE_INVALID',
      });
      await expectNothing(repository);
    }
  });

  it('refuse places inside the checkout, inside a worktree, and in `.git`', async () => {
    for (const template of ['wt/{id}', './{id}', '.git/wt/{id}', '../repo/{id}', '../linked/{id}']) {
      const { base, provider, repository } = await withTemplates(template);
      await repository.git.run(['worktree', 'add', '--quiet', '--detach', '../linked']);
      await expect(repository.create('1', base, provider)).rejects.toMatchObject({
        code: 'PWT_WORKTREE_LOCATION',
      });
      expect(await repository.linked()).toHaveLength(1);
    }
  });

  it('follow links that the user wrote, and none below', async () => {
    const { base, provider, repository } = await withTemplates('../disk/{id}/wt');
    const disk = join(repository.folder, 'real');
    mkdirSync(disk);
    symlinkSync(disk, join(repository.folder, 'disk'));
    expect((await repository.create('1', base, provider)).path).toBe(join(disk, '1/wt'));
    symlinkSync(repository.path, join(disk, '2'));
    await expect(repository.create('2', base, provider)).rejects.toMatchObject({
      code: 'PWT_WORKTREE_LOCATION',
    });
  });

  it('that give two tasks one path or one branch are refused', async () => {
    for (const [worktree, branch] of [
      ['../same', 'b/{id}'],
      ['../{id}', 'same'],
    ] as const) {
      const { base, provider, repository } = await withTemplates(worktree, branch);
      await repository.create('1', base, provider);
      await expect(repository.create('2', base, provider)).rejects.toMatchObject({
        code: 'PWT_TEMPLATE_COLLISION',
      });
      expect(await repository.linked()).toHaveLength(1);
    }
  });

  it('pad ids alike: 7 and 007 cannot both be', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    await repository.create('7', base);
    await expect(repository.create('007', base)).rejects.toMatchObject({ code: 'PWT_TEMPLATE_COLLISION' });
  });
});

describe('.worktreeinclude', () => {
  it('copies what is ignored and matched, and git status sees nothing of it', async () => {
    const { repository, base } = await repositoryWith({
      '.gitignore': '.env*\ncache/\n*.key\n:!odd\n',
      '.worktreeinclude': '.env*\n!.env.prod\ncache/\nuntracked\na\nlink.key\nout.key\n:!odd\n',
      a: 'tracked\n',
    });
    repository.write({
      '.env': 'secret\n',
      '.env.prod': 'no\n',
      'cache/deep/x': 'x\n',
      untracked: 'not ignored\n',
      'other.key': 'not matched\n',
      'link.key': { link: 'other.key' },
      'out.key': { link: '../../etc/passwd' },
      ':!odd': 'odd\n',
    });
    const { path } = await repository.create('20', base);
    const found = Object.keys(fingerprint(path)).filter((name) => name !== '.git');
    expect(found.sort()).toEqual(
      ['.gitignore', '.worktreeinclude', 'a', '.env', 'cache/deep/x', 'link.key', ':!odd'].sort(),
    );
    expect(await git(repository, path).text(['status', '--porcelain'])).toBe('');
  });

  it('overwrites nothing, and writes through no link', async () => {
    const { repository, base: before } = await repositoryWith({ a: 'a\n' });
    const outside = join(repository.folder, 'outside');
    mkdirSync(outside);
    const base = await repository.commit({
      'x.env': 'committed\n',
      conf: { link: outside },
      '.gitignore': '*.env\n',
    });
    await repository.git.run(['checkout', '--quiet', '--detach', before]);
    repository.write({
      'x.env': 'mine\n',
      conf: null,
      'conf/y.env': 'mine\n',
      '.gitignore': '*.env\n',
      '.worktreeinclude': '*.env\n',
    });
    const { path } = await repository.create('20', base);
    expect(readFileSync(join(path, 'x.env'), 'utf8')).toBe('committed\n');
    expect(readdirSync(outside)).toEqual([]);
  });
});

describe('setup', () => {
  it('runs in the new worktree, with the task in its environment and no variable that leads git elsewhere', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n', '.gitignore': 'out\n' });
    const provider = repository.providerWith({
      setup: {
        command: 'echo "$PWT_TASK_ID $PWT_BRANCH $PWT_BASE [$GIT_DIR$GIT_AUTHOR_NAME]" > out; pwd >> out',
      },
      env: { ...testEnvironment, GIT_DIR: '/elsewhere' },
    });
    const { path } = await repository.create('20', base, provider);
    expect(readFileSync(join(path, 'out'), 'utf8')).toBe(
      `20 feature/us-020 ${base} [${testEnvironment.GIT_AUTHOR_NAME ?? ''}]\n${path}\n`,
    );
  });
});

/** No worktree, branch or record beyond what the repository began with. */
async function expectNothing(repository: TestRepository): Promise<void> {
  expect(await repository.linked()).toEqual([]);
  expect(await repository.branches()).toEqual(['main']);
  expect(await repository.provider.list()).toEqual([]);
  expect(readdirSync(repository.folder)).toEqual(['repo']);
}
