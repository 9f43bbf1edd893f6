import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TemporaryRepository, workspaceProviderSuite } from '@pwt/testkit';
import { describe, expect, it, test } from 'vitest';
import { CloneWorkspaceProvider } from './clone-workspace-provider.js';
import { plugin } from './index.js';
import { readOptions } from './options.js';

async function open() {
  const repository = await TemporaryRepository.create({ 'README.md': 'hello\n', 'src/a.txt': 'a\n' });
  const make = () =>
    new CloneWorkspaceProvider({
      projectRoot: repository.path,
      stateDir: join(repository.path, '.git', 'pwt'),
      env: repository.env,
    });
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', args, { cwd, env: repository.env }).toString();
  return {
    repository,
    provider: make(),
    base: await repository.git('rev-parse', 'HEAD'),
    reopen: async () => make(),
    async write(workspace: { path: string }, path: string, text: string) {
      mkdirSync(dirname(join(workspace.path, path)), { recursive: true });
      await writeFile(join(workspace.path, path), text);
    },
    delete: (workspace: { path: string }, path: string) => rm(join(workspace.path, path)),
    read: (workspace: { path: string }, path: string) =>
      readFile(join(workspace.path, path), 'utf8').catch(() => undefined),
    async commit(workspace: { path: string }) {
      git(workspace.path, 'add', '--all');
      git(workspace.path, 'commit', '--quiet', '-m', 'work');
      return git(workspace.path, 'rev-parse', 'HEAD').trim();
    },
    reset: async (workspace: { path: string }, commit: string) =>
      void git(workspace.path, 'reset', '--quiet', '--hard', commit),
    filesOf: (commit: string) => repository.filesOf(commit),
    dispose: () => repository.dispose(),
  };
}

workspaceProviderSuite({ describe, test }, open);

describe('a clone', () => {
  it('has a .git folder of its own and leaves no worktree behind in the project', async () => {
    const harness = await open();
    const request = { runId: 'r', taskId: '1', title: 'x', base: harness.base };
    const { workspace } = await harness.provider.create(request);
    expect(await harness.read(workspace, '.git/HEAD')).toBe('ref: refs/heads/pwt/1\n');
    expect(await harness.repository.git('worktree', 'list')).not.toContain('\n');
    expect(await harness.repository.git('branch', '--list', 'pwt/*')).toBe('');
    await harness.dispose();
  });

  it('stays for an edit at which git was told not to look', async () => {
    const harness = await open();
    const { base, provider } = harness;
    const { workspace } = await provider.create({ runId: 'r', taskId: '1', title: 'x', base });
    execFileSync('git', ['update-index', '--skip-worktree', 'README.md'], { cwd: workspace.path });
    await harness.write(workspace, 'README.md', 'work\n');
    const kept = await provider.remove({ workspace, containedIn: base });
    expect(kept).toMatchObject({ status: 'kept', reason: 'dirty' });
    const outcome = await provider.collect({ workspace, message: 'left\n' });
    expect(outcome).toMatchObject({ changes: [{ path: 'README.md', kind: 'modified' }] });
    await harness.dispose();
  });

  it('starts from a commit that no branch of the project names', async () => {
    const harness = await open();
    const base = await harness.repository.commitFiles({ 'only-here.txt': 'x\n' }, [harness.base]);
    const { workspace } = await harness.provider.create({ runId: 'r', taskId: '1', title: 'x', base });
    expect(await harness.read(workspace, 'only-here.txt')).toBe('x\n');
    await harness.dispose();
  });

  it('is kept while another of its branches holds work', async () => {
    const harness = await open();
    const { workspace } = await harness.provider.create({
      runId: 'r',
      taskId: '1',
      title: 'x',
      base: harness.base,
    });
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: workspace.path, env: harness.repository.env });
    git('switch', '--quiet', '-c', 'aside');
    await harness.write(workspace, 'aside.txt', 'x\n');
    await harness.commit(workspace);
    git('switch', '--quiet', 'pwt/1');
    const outcome = await harness.provider.remove({ workspace, containedIn: harness.base });
    expect(outcome).toMatchObject({
      status: 'kept',
      reason: 'unmerged',
      message: expect.stringContaining('aside'),
    });
    await harness.dispose();
  });
});

describe('a link in the place of a clone', () => {
  it.each(['', '.git', '.git/objects'])('is not followed into the checkout: %s', async (name) => {
    const { repository, provider, base, dispose } = await open();
    const { workspace } = await provider.create({ runId: 'r', taskId: '1', title: 'x', base });
    await writeFile(join(repository.path, 'of-the-user.txt'), 'x\n');
    rmSync(join(workspace.path, name), { recursive: true });
    symlinkSync(join(repository.path, name), join(workspace.path, name));
    for (const act of [
      () => provider.collect({ workspace, message: 'Task 1\n' }),
      () => provider.changes(workspace),
      () => provider.remove({ workspace, force: ['dirty', 'unmerged'] }),
    ])
      await expect(act()).rejects.toMatchObject({ code: 'PWT_WORKTREE_BROKEN' });
    expect(await repository.git('rev-parse', 'HEAD')).toBe(base);
    expect(await repository.git('status', '--porcelain')).toBe('?? of-the-user.txt');
    await dispose();
  });
});

describe('a submodule of a clone', () => {
  async function withSubmodule() {
    const harness = await open();
    const { repository } = harness;
    const source = await TemporaryRepository.create({ 's.txt': 's\n' });
    const file = ['-c', 'protocol.file.allow=always'];
    await repository.git(...file, 'submodule', '--quiet', 'add', source.path, 'lib');
    await repository.git('commit', '--quiet', '-m', 'submodule');
    const base = await repository.git('rev-parse', 'HEAD');
    const { workspace } = await harness.provider.create({ runId: 'r', taskId: '1', title: 'x', base });
    const git = (...args: string[]) =>
      execFileSync('git', [...file, ...args], { cwd: workspace.path, env: repository.env })
        .toString()
        .trim();
    git('submodule', '--quiet', 'update', '--init');
    await harness.write(workspace, 'lib/new.txt', 'n\n');
    git('-C', 'lib', 'add', '--all');
    git('-C', 'lib', 'commit', '--quiet', '-m', 'inner');
    const dispose = async () => void (await Promise.all([harness.dispose(), source.dispose()]));
    return { ...harness, workspace, git, inner: git('-C', 'lib', 'rev-parse', 'HEAD'), dispose };
  }
  const kept = ({ repository }: Awaited<ReturnType<typeof withSubmodule>>, commit: string) =>
    repository.git('-C', 'lib', 'for-each-ref', `--contains=${commit}`, 'refs/pwt');

  it('has its new commits in the project before they may land', async () => {
    const stage = await withSubmodule();
    const { findings } = await stage.provider.collect({ workspace: stage.workspace, message: 'x' });
    expect(findings).toMatchObject([{ kind: 'submodule', severity: 'warning', subjects: ['lib'] }]);
    expect(await kept(stage, stage.inner)).not.toBe('');
    await stage.dispose();
  });

  it('has them there before it is removed, whatever became of the task', async () => {
    const stage = await withSubmodule();
    const { provider, workspace } = stage;
    expect(await provider.remove({ workspace, force: ['dirty', 'unmerged'] })).toMatchObject({
      status: 'removed',
    });
    expect(await kept(stage, stage.inner)).not.toBe('');
    await stage.dispose();
  });

  it('holds the task if nothing says where it comes from; what is not committed is left out, and said', async () => {
    const stage = await withSubmodule();
    const { provider, workspace, git } = stage;
    git('init', '--quiet', 'clone');
    git('-C', 'clone', 'commit', '--quiet', '--allow-empty', '-m', 'x');
    const { findings } = await provider.collect({ workspace, message: 'x' });
    expect(findings).toMatchObject([{ kind: 'nested-repository' }, { kind: 'submodule' }]);
    git('add', 'clone');
    git('commit', '--quiet', '-m', 'pointer');
    expect((await provider.collect({ workspace, message: 'x' })).findings).toContainEqual(
      expect.objectContaining({ kind: 'gitlink', severity: 'error', subjects: ['clone'] }),
    );
    await stage.dispose();
  });
});

describe('removal', () => {
  it('keeps everything reachable that it gives up, and ignored files for some days', async () => {
    const harness = await open();
    const { provider, repository, base } = harness;
    const { workspace } = await provider.create({ runId: 'r', taskId: '1', title: 'x', base });
    await harness.write(workspace, '.gitignore', '*.log\n');
    await harness.write(workspace, 'committed.txt', 'x\n');
    const commit = await harness.commit(workspace);
    await harness.write(workspace, 'left-over.txt', 'y\n');
    await harness.write(workspace, 'a.log', 'z\n');
    const outcome = await provider.remove({ workspace, force: ['dirty', 'unmerged'] });
    expect(outcome).toMatchObject({ status: 'removed', snapshot: { ref: 'refs/pwt/r/snapshots/1/1' } });
    expect(await repository.git('for-each-ref', '--contains', commit, 'refs/pwt/r/snapshots')).not.toBe('');
    const refs = (await repository.git('for-each-ref', '--format=%(refname)', 'refs/pwt/r/snapshots')).split(
      '\n',
    );
    const kept = await Promise.all(refs.map((ref) => repository.filesOf(ref)));
    expect(Object.assign({}, ...kept)).toMatchObject({ 'committed.txt': 'x\n', 'left-over.txt': 'y\n' });
    const statuses = async (olderThanDays: number) =>
      (await provider.expire({ olderThanDays })).map(({ kind, status }) => [kind, status]);
    const all = (status: string) => [
      ['snapshot', status],
      ['ignored-files', status],
    ];
    expect(await statuses(-1)).toEqual(all('listed'));
    expect(await statuses(1)).toEqual(all('listed'));
    expect(await statuses(-1)).toEqual(all('deleted'));
    await harness.dispose();
  });

  it('needs a commit that contains the work, or the loss to be named', async () => {
    const harness = await open();
    const request = { runId: 'r', taskId: '1', title: 'x', base: harness.base };
    const { workspace } = await harness.provider.create(request);
    expect(await harness.provider.remove({ workspace })).toMatchObject({
      status: 'kept',
      reason: 'unmerged',
    });
    expect(await harness.provider.remove({ workspace, containedIn: harness.base })).toEqual({
      status: 'removed',
    });
    await harness.dispose();
  });

  it('of an unfinished clone takes nothing of the same name away', async () => {
    const harness = await open();
    const place = join(harness.repository.parent, 'project-clone-1.making');
    mkdirSync(place);
    await writeFile(join(place, 'mine'), 'x');
    await harness.provider.create({ runId: 'r', taskId: '1', title: 'x', base: harness.base });
    expect(await readFile(join(place, 'mine'), 'utf8')).toBe('x');
    await harness.dispose();
  });
});

describe('the plugin', () => {
  it('provides a workspace provider and nothing else', () => {
    expect(Object.keys(plugin.provides)).toEqual(['workspaceProvider']);
  });

  it.each([[5], [{ folder: 'x' }], [{ directory: '' }]])('refuses the options %j', (options) => {
    expect(() => readOptions(options)).toThrowError(expect.objectContaining({ code: 'PWT_PLUGIN_OPTIONS' }));
  });

  it('refuses to clone into the checkout', () => {
    const context = {
      projectRoot: '/p',
      gitCommonDir: '/p/.git',
      stateDir: '/p/.git/pwt',
      env: {},
      settings: {},
      warn: () => undefined,
    };
    expect(() => plugin.provides.workspaceProvider?.(context, { directory: 'clones' })).toThrowError(
      expect.objectContaining({ code: 'PWT_PLUGIN_OPTIONS' }),
    );
  });
});
