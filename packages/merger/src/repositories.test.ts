import { existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Git, listWorktrees } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { repositoryWith, TestRepository, temporaryFolder } from '../test/repository.js';
import { findCheckouts } from './checkouts.js';
import { GitMerger } from './git-merger.js';

/** Integrates one side commit that edits `edit` and adds `new/file`, and lands it on the checkout. */
async function landOne(repository: TestRepository, from: string): Promise<string> {
  const commit = await repository.side(from, { edit: '2\n', 'new/file': 'n\n' });
  const to = await repository.merged(from, commit);
  expect(await repository.land(from, to)).toEqual({ status: 'landed' });
  return to;
}

describe('kinds of repositories', () => {
  it('SHA-256 objects', async () => {
    const repository = new TestRepository(temporaryFolder());
    await repository.git.run(['init', '--quiet', '--initial-branch=main', '--object-format=sha256']);
    const from = await repository.commit({ edit: '1\n', '.gitattributes': '* text\n' });
    expect(await landOne(repository, from)).toMatch(/^[0-9a-f]{64}$/);
    expect(await repository.git.text(['status', '--porcelain'])).toBe('');
  });

  it('a split index', async () => {
    const { repository, base } = await repositoryWith({ edit: '1\n' });
    await repository.git.run(['update-index', '--split-index']);
    await landOne(repository, base);
    expect(await repository.git.text(['status', '--porcelain'])).toBe('');
  });

  it('a sparse checkout: what is left out stays out, and a file of the user in its place stays', async () => {
    const { repository, base } = await repositoryWith({ 'in/a': 'a\n', 'out/b': 'b\n' });
    const commit = await repository.side(base, { 'in/a': 'A\n', 'out/b': 'B\n', 'out/c': 'c\n' });
    const to = await repository.merged(base, commit);
    await repository.git.run(['sparse-checkout', 'set', 'in']);
    repository.write({ 'out/c': 'mine\n' });
    expect(await repository.land(base, to)).toMatchObject({ status: 'refused', paths: ['out/c'] });
    repository.write({ out: null });
    expect(await repository.land(base, to)).toEqual({ status: 'landed' });
    expect(readFileSync(join(repository.path, 'in/a'), 'utf8')).toBe('A\n');
    expect(existsSync(join(repository.path, 'out'))).toBe(false);
    expect(await repository.git.text(['status', '--porcelain'])).toBe('');
  });

  it('line endings that checkout converts: a clean file is not dirty, an edited one is', async () => {
    const { repository, base } = await repositoryWith({
      '.gitattributes': '*.txt eol=crlf\n',
      'f.txt': '1\n2\n',
    });
    await repository.git.run(['checkout', '--quiet', '--force', '--', '.']);
    const commit = await repository.side(base, { 'f.txt': '1\n2\n3\n' });
    const to = await repository.merged(base, commit);
    repository.write({ 'f.txt': '1\r\n2\r\nmine\r\n' });
    expect(await repository.land(base, to)).toMatchObject({ status: 'refused', reason: 'dirty' });
    repository.write({ 'f.txt': '1\r\n2\r\n' });
    expect(await repository.land(base, to)).toEqual({ status: 'landed' });
    expect(readFileSync(join(repository.path, 'f.txt'), 'utf8')).toBe('1\r\n2\r\n3\r\n');
  });

  it('a submodule whose pointer moves: the pointer lands, the files in it stay', async () => {
    const { repository, base: inner } = await repositoryWith({ x: 'x\n' });
    const { repository: outer } = await repositoryWith({ a: 'a\n' });
    const { git } = outer;
    await git.run([
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      repository.path,
      'sub',
    ]);
    const from = await outer.commit({}, 'submodule');
    const later = await repository.commit({ x: 'later\n' });
    const tree = await git.text(['rev-parse', `${from}^{tree}`]);
    const entries = await git.text(['ls-tree', tree]);
    const moved = await git.text(['mktree', '--missing'], { input: `${entries.replace(inner, later)}\n` });
    const commit = await git.text(['commit-tree', moved, '-p', from, '-m', 'pointer']);
    const to = await outer.merged(from, commit);
    outer.write({ 'sub/mine': 'untracked in it\n' });
    expect(await outer.land(from, to)).toEqual({ status: 'landed' });
    expect(readFileSync(join(outer.path, 'sub/mine'), 'utf8')).toBe('untracked in it\n');
    expect(await git.text(['rev-parse', 'HEAD:sub'])).toBe(later);
    expect(readFileSync(join(outer.path, 'sub/x'), 'utf8')).toBe('x\n');
  });

  it('a submodule that has not followed is in no later way; one that the user has moved or staged is', async () => {
    const { repository, base: first } = await repositoryWith({ x: 'x\n' });
    const { repository: outer } = await repositoryWith({ a: 'a\n' });
    const { git } = outer;
    const file = ['-c', 'protocol.file.allow=always'];
    await git.run([...file, 'submodule', '--quiet', 'add', repository.path, 'sub']);
    const from = await outer.commit({}, 'submodule');
    const pointed = async (onto: string, before: string, after: string) => {
      const entries = await git.text(['ls-tree', onto]);
      const tree = await git.text(['mktree', '--missing'], { input: `${entries.replace(before, after)}\n` });
      return outer.merged(onto, await git.text(['commit-tree', tree, '-p', onto, '-m', 'pointer']));
    };
    const [second, third] = [await repository.commit({ x: '2\n' }), await repository.commit({ x: '3\n' })];
    const sub = git.at(join(outer.path, 'sub'));
    await sub.run([...file, 'fetch', '--quiet']);
    const one = await pointed(from, first, second);
    const two = await pointed(one, second, third);
    expect(await outer.land(from, one)).toEqual({ status: 'landed' });
    const refused = { status: 'refused', reason: 'dirty', paths: ['sub'] };
    await git.run(['add', 'sub']);
    expect(await outer.land(one, two)).toMatchObject(refused);
    await git.run(['reset', '--quiet', '--', 'sub']);
    await sub.run(['commit', '--quiet', '--allow-empty', '-m', 'mine']);
    expect(await outer.land(one, two)).toMatchObject(refused);
    await sub.run(['reset', '--quiet', '--hard', 'HEAD~1']);
    expect(await outer.land(one, two)).toEqual({ status: 'landed' });
    expect(readFileSync(join(outer.path, 'sub/x'), 'utf8')).toBe('x\n');
  });
});

describe('layouts of a repository', () => {
  /** `main` at `from`, checked out in `repository.path`; `to` edits `edit`. */
  async function ready() {
    const { repository, base: from } = await repositoryWith({ edit: '1\n' });
    const commit = await repository.side(from, { edit: '2\n' });
    const to = await repository.merged(from, commit);
    return { repository, from, to, folder: join(repository.path, '..') };
  }

  async function mergerFrom(git: Git): Promise<GitMerger> {
    const commonDir = await git.text(['rev-parse', '--path-format=absolute', '--git-common-dir']);
    return new GitMerger({ git, commonDir, lockWaitMs: 0 });
  }

  async function expectLandedIn(git: Git, { from, to }: { from: string; to: string }): Promise<void> {
    const merger = await mergerFrom(git);
    expect(await merger.land({ runId: 'r1', target: 'main', from, to })).toEqual({ status: 'landed' });
    expect(await merger.tip('main')).toBe(to);
    expect(await git.text(['status', '--porcelain'])).toBe('');
    expect(readFileSync(join(git.cwd, 'edit'), 'utf8')).toBe('2\n');
  }

  it('a git directory elsewhere', async () => {
    const landing = await ready();
    const { git } = landing.repository;
    await git.run(['init', '--quiet', '--separate-git-dir', join(landing.folder, 'store')]);
    await expectLandedIn(git, landing);
  });

  it('`.git` as a symbolic link', async () => {
    const landing = await ready();
    const { path, git } = landing.repository;
    renameSync(join(path, '.git'), join(landing.folder, 'synced.git'));
    symlinkSync('../synced.git', join(path, '.git'));
    await expectLandedIn(git, landing);
  });

  it('a bare repository whose linked worktree says of itself that it is not bare', async () => {
    const { repository, folder, ...landing } = await ready();
    const bare = repository.git.at(join(folder, 'bare.git'));
    await repository.git.run(['branch', 'landing', landing.to]);
    await repository.git.run(['clone', '--quiet', '--bare', repository.path, bare.cwd]);
    await bare.run(['config', 'extensions.worktreeConfig', 'true']);
    const git = bare.at(join(folder, 'checkout'));
    await bare.run(['worktree', 'add', '--quiet', git.cwd, 'main']);
    await git.run(['config', '--worktree', 'core.bare', 'false']);
    await expectLandedIn(git, landing);
  });

  it('a submodule', async () => {
    const { repository, folder, ...landing } = await ready();
    await repository.git.run(['branch', 'landing', landing.to]);
    const outer = repository.git.at(join(folder, 'outer'));
    await repository.git.run(['init', '--quiet', outer.cwd]);
    await outer.run([
      ...['-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', repository.path, 'sub'],
    ]);
    await expectLandedIn(outer.at(join(outer.cwd, 'sub')), landing);
  });

  it('the main working tree cannot be found from where pwt runs, and is on the target', async () => {
    const { repository, folder, from, to } = await ready();
    const { git } = repository;
    await git.run(['init', '--quiet', '--separate-git-dir', join(folder, 'store')]);
    await git.run(['worktree', 'add', '--quiet', '-b', 'other', join(folder, 'other')]);
    const merger = await mergerFrom(git.at(join(folder, 'other')));
    const landing = { runId: 'r1', target: 'main', from, to };
    expect(await merger.land(landing)).toMatchObject({ status: 'refused', reason: 'checkout' });
    expect(await merger.tip('main')).toBe(from);
    await git.run(['switch', '--quiet', '--create', 'mine']);
    expect(await merger.land(landing)).toEqual({ status: 'landed' });
  });

  it('a worktree on the target that is locked and not there', async () => {
    const { repository, folder, from, to } = await ready();
    const { git } = repository;
    const away = join(folder, 'away');
    await git.run(['switch', '--quiet', '--create', 'mine']);
    await git.run(['worktree', 'add', '--quiet', away, 'main']);
    await git.run(['worktree', 'lock', away]);
    rmSync(away, { recursive: true });
    expect(await repository.land(from, to)).toMatchObject({ status: 'refused', paths: [away] });
    // What it says to do.
    await git.run(['worktree', 'unlock', away]);
    await git.run(['worktree', 'prune']);
    expect(await repository.land(from, to)).toEqual({ status: 'landed' });
  });

  it('a worktree that vanishes between one look and the next', async () => {
    const { repository, folder, to } = await ready();
    const { git } = repository;
    const path = join(folder, 'busy');
    await git.run(['worktree', 'add', '--quiet', '--detach', path, to]);
    await git.at(path).run(['rebase', '--quiet', '--exec', 'false', 'HEAD~1'], { okExitCodes: [0, 1] });
    const [main, busy] = await listWorktrees(git);
    const onBranch = { ...busy, branch: 'refs/heads/main' } as typeof main & object;
    expect(
      await findCheckouts(git, 'refs/heads/main', [onBranch], { commonDir: join(repository.path, '.git') }),
    ).toMatchObject([{ operation: 'rebase' }]);
    rmSync(path, { recursive: true });
    expect(
      await findCheckouts(git, 'refs/heads/main', [onBranch], { commonDir: join(repository.path, '.git') }),
    ).toEqual([]);
  });
});
