import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  emptyRepository,
  repositoryWith,
  TestRepository,
  temporaryFolder,
  testEnvironment,
} from '../test/repository.js';
import { discoverRepository } from './discovery.js';
import { Git } from './git.js';
import { requireHeadBranch, requireHeadCommit, requireWorktree } from './requirements.js';

const coded = (code: string) => expect.objectContaining({ code });

describe('discoverRepository', () => {
  it('describes an ordinary repository from a folder in it', async () => {
    const { git, path } = await repositoryWith({ 'deep/down/a': '1' });
    const headCommit = await git.text(['rev-parse', 'HEAD']);
    expect(await discoverRepository(git.at(join(path, 'deep/down')))).toEqual({
      topLevel: path,
      gitDir: join(path, '.git'),
      commonDir: join(path, '.git'),
      bare: false,
      headBranch: 'refs/heads/main',
      headCommit,
      objectFormat: 'sha1',
      refFormat: 'files',
      config: expect.arrayContaining([
        { scope: 'local', file: join(path, '.git/config'), key: 'core.bare', value: 'false' },
      ]),
    });
  });

  it('tells the directories of a linked worktree apart, through a symbolic link too', async () => {
    const { git, path, folder } = await repositoryWith({ 'sub/a': '1' });
    await git.run(['worktree', 'add', '--quiet', '--detach', join(folder, 'linked')]);
    symlinkSync(join(folder, 'linked/sub'), join(folder, 'alias'));
    const found = await discoverRepository(git.at(join(folder, 'alias')));
    expect(found).toMatchObject({
      topLevel: join(folder, 'linked'),
      gitDir: join(path, '.git/worktrees/linked'),
      commonDir: join(path, '.git'),
      headBranch: null,
      headCommit: await git.text(['rev-parse', 'HEAD']),
    });
    expect(() => requireHeadBranch(found)).toThrow(coded('PWT_DETACHED_HEAD'));
  });

  it('knows a branch without a commit', async () => {
    const found = await discoverRepository((await emptyRepository()).git);
    expect(found).toMatchObject({ headBranch: 'refs/heads/main', headCommit: null });
    expect(() => requireHeadCommit(found)).toThrow(coded('PWT_NO_COMMITS'));
    expect(requireHeadBranch(found)).toBe('refs/heads/main');
  });

  it('knows a bare repository, and the inside of .git', async () => {
    const { git, path, folder } = await repositoryWith({ a: '1' });
    await git.run(['clone', '--quiet', '--bare', path, join(folder, 'bare')]);
    const bare = await discoverRepository(git.at(join(folder, 'bare')));
    expect(bare).toMatchObject({ bare: true, topLevel: null, commonDir: join(folder, 'bare') });
    expect(() => requireWorktree(bare)).toThrow(coded('PWT_BARE_REPOSITORY'));
    expect(bare.hidden).toBeUndefined();
    const inside = await discoverRepository(git.at(join(path, '.git')));
    expect(inside).toMatchObject({ bare: false, topLevel: null, gitDir: join(path, '.git') });
    expect(requireWorktree(await discoverRepository(git)).topLevel).toBe(path);
  });

  it('knows SHA-256', async () => {
    const sha256 = await repositoryWith({ a: '1' }, ['--object-format=sha256']);
    expect(await discoverRepository(sha256.git)).toMatchObject({
      ...{ objectFormat: 'sha256', headCommit: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  it('takes a path with a newline and spaces', async () => {
    const folder = join(temporaryFolder(), ' a\nb ');
    mkdirSync(join(folder, 'repo\n'), { recursive: true });
    const git = new Git({ cwd: join(folder, 'repo\n'), env: testEnvironment });
    await git.run(['init', '--quiet']);
    expect(await discoverRepository(git)).toMatchObject({
      ...{ topLevel: join(folder, 'repo\n'), commonDir: join(folder, 'repo\n/.git') },
    });
  });

  it('refuses what a program of the same name prints', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'git'), '#!/bin/sh\necho "git version 2.20.1"\n', { mode: 0o755 });
    const env = { ...testEnvironment, PATH: `${folder}:${testEnvironment.PATH}` };
    await expect(discoverRepository(new Git({ cwd: folder, env }))).rejects.toMatchObject({
      code: 'PWT_GIT_FAILED',
      data: { output: 'git version 2.20.1\n' },
    });
  });

  it('says when there is no repository', async () => {
    const git = new TestRepository(temporaryFolder()).git;
    await expect(discoverRepository(git)).rejects.toMatchObject({ code: 'PWT_CWD_NOT_FOUND' });
    await expect(discoverRepository(git.at('/'))).rejects.toMatchObject({ code: 'PWT_NOT_A_REPOSITORY' });
  });
});

describe('a working tree that git does not take for one', () => {
  for (const [key, value] of [
    ['core.bare', 'true'],
    ['core.worktree', '/nowhere'],
  ] as const) {
    it(`because of ${key}: the error says the command that puts it back`, async () => {
      const { git, path } = await repositoryWith({ 'dir/a': '1' });
      await git.run(['config', key, value]);
      const repository = await discoverRepository(git.at(join(path, 'dir')));
      let error: unknown;
      try {
        requireWorktree(repository);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ code: 'PWT_BARE_REPOSITORY' });
      const { hint = '' } = error as { hint?: string };
      await git.run(hint.replace('Put it back: git ', '').split(' '));
      expect(requireWorktree(await discoverRepository(git)).topLevel).toBe(path);
    });
  }
});
