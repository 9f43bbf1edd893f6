import { execFileSync } from 'node:child_process';
import { constants, mkdtempSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, type PwtError } from '@pwt/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { emptyRepository, repositoryWith, temporaryFolder, testEnvironment } from '../test/repository.js';
import { gitEnvironment } from './environment.js';
import { Git } from './git.js';
import { readIdentity } from './identity.js';
import { pinnedConfig } from './pinned.js';

const thrown = (answer: Promise<unknown>): Promise<PwtError> =>
  answer.then(
    () => expect.fail('should have thrown'),
    (error: PwtError) => error,
  );

describe('the environment of git', () => {
  it('is not turned to another repository by the variables of an outer git', async () => {
    const mine = await repositoryWith({ mine: '1' });
    const other = await repositoryWith({ other: '1' });
    const hostile = {
      ...testEnvironment,
      GIT_DIR: join(other.path, '.git'),
      GIT_WORK_TREE: other.path,
      GIT_INDEX_FILE: join(other.folder, 'index'),
      GIT_OBJECT_DIRECTORY: join(other.path, '.git/objects'),
      GIT_COMMON_DIR: join(other.path, '.git'),
      GIT_NAMESPACE: 'x',
      GIT_PREFIX: 'sub/',
      GIT_CONFIG_PARAMETERS: "'core.quotePath=true'",
      GIT_EXTERNAL_DIFF: 'false',
      GIT_TRACE: '1',
    };
    const git = new Git({ cwd: mine.path, env: hostile });
    expect(await git.text(['rev-parse', '--show-toplevel'])).toBe(mine.path);
    expect(await git.run(['ls-files'])).toMatchObject({ stdout: 'mine\n', stderr: '' });
  });

  it('keeps who the user is and how a remote is reached', () => {
    const kept = {
      GIT_AUTHOR_NAME: 'A',
      GIT_SSH_COMMAND: 'ssh -4',
      GIT_CONFIG_GLOBAL: '/x',
      HOME: '/h',
      PATH: '/p',
    };
    expect(gitEnvironment({ ...kept, UNSET: undefined })).toMatchObject({ ...kept, LC_ALL: 'C' });
    expect('UNSET' in gitEnvironment({ UNSET: undefined })).toBe(false);
  });

  it('leaves the configured identity visible, and wins over configuration where it is pinned', async () => {
    const { path, folder } = await emptyRepository();
    const config = join(folder, 'config');
    writeFileSync(config, '[user]\nname = Zoë Q\nemail = zoe@example.com\n[core]\nquotePath = true\n');
    const { PATH = '' } = testEnvironment;
    const env = {
      ...{ PATH, GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1' },
      ...{ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'color.ui', GIT_CONFIG_VALUE_0: 'always' },
    };
    const git = new Git({ cwd: path, env });
    expect(await readIdentity(git)).toEqual({ name: 'Zoë Q', email: 'zoe@example.com' });
    expect(await git.text(['config', 'core.quotePath'])).toBe('false');
    expect(await git.text(['config', 'color.ui'])).toBe('false');
    expect(await readIdentity(new Git({ cwd: path, env: { PATH, GIT_CONFIG_NOSYSTEM: '1' } }))).toBeNull();
  });

  it('is the given one, and not that of this program', async () => {
    const mine = await repositoryWith({ mine: '1' });
    const other = await repositoryWith({ other: '1' });
    vi.stubEnv('GIT_DIR', join(other.path, '.git'));
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await mine.git.text(['ls-files'])).toBe('mine');
  });

  it.each(pinnedConfig)('pins %s to %s', async (key, value) => {
    const { git } = await emptyRepository();
    await git.run(['config', key, 'hostile']);
    expect(await git.text(['config', key])).toBe(value);
  });

  it('pins all that changes the verdict of a merge', () => {
    const merge = pinnedConfig.filter(([key]) => /^(merge|diff\.(rename|algorithm))/.test(key));
    expect(merge.map(([key]) => key)).toEqual([
      ...['merge.renames', 'merge.directoryRenames', 'merge.renameLimit', 'merge.renormalize'],
      ...['merge.conflictStyle', 'merge.autoStash', 'diff.renames', 'diff.renameLimit', 'diff.algorithm'],
    ]);
  });

  it('takes a path for a path', async () => {
    const repository = await repositoryWith({ a: '1' });
    repository.write({ '*.ts': '', 'b.ts': '', ':(top)': '' });
    await repository.git.run(['add', '--', '*.ts', ':(top)']);
    expect(await repository.git.lines(['ls-files'])).toEqual(['*.ts', ':(top)', 'a']);
  });

  it('runs no hook of the repository', async () => {
    const repository = await repositoryWith({ a: '1' });
    const hooks = join(repository.path, '.git/hooks');
    writeFileSync(join(hooks, 'pre-commit'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    await repository.commit({ a: '2' });
  });
});

describe('Git.run', () => {
  it('reports a failure with what was run, where, and what git said', async () => {
    const { git, path } = await repositoryWith({ a: '1' });
    const error = await thrown(git.run(['cat-file', '-e', 'nothing here']));
    expect(error.code).toBe('PWT_GIT_FAILED');
    expect(error.message).toContain('fatal: Not a valid object name nothing here');
    expect(error.data).toMatchObject({ args: ['cat-file', '-e', 'nothing here'], cwd: path, exitCode: 128 });
  });

  it('takes an expected exit code as an answer', async () => {
    const { git } = await repositoryWith({ a: '1' });
    const result = await git.run(['config', 'no.such'], { okExitCodes: [0, 1] });
    expect(result).toEqual({ exitCode: 1, stdout: '', stderr: '' });
  });

  it('keeps every byte, and takes input', async () => {
    const { git } = await emptyRepository();
    const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0, 0xff, 0x0a, 0x0a]);
    const id = await git.text(['hash-object', '-w', '--stdin'], { input: bytes });
    expect((await git.runBytes(['cat-file', 'blob', id])).stdout).toEqual(bytes);
    const text = await git.text(['hash-object', '-w', '--stdin'], { input: '\ufeffa\n\n' });
    expect((await git.run(['cat-file', 'blob', text])).stdout).toBe('\ufeffa\n\n');
    expect(await git.lines(['cat-file', 'blob', text])).toEqual(['\ufeffa', '']);
  });

  it('splits -z output at NUL only', async () => {
    const { git } = await repositoryWith({ 'a\nb': '1', 'c "d"': '2', é: '3' });
    expect((await git.zRecords(['ls-files', '-z'])).sort()).toEqual(['a\nb', 'c "d"', 'é']);
    expect(await git.zRecords(['ls-files', '-z', 'none'])).toEqual([]);
  });

  it('tells a missing git from a missing directory', async () => {
    const folder = temporaryFolder();
    const missing = new Git({ cwd: folder, env: testEnvironment, gitPath: join(folder, 'no-git') });
    expect(hasCode(await thrown(missing.version()), 'PWT_GIT_NOT_FOUND')).toBe(true);
    const nowhere = new Git({ cwd: join(folder, 'no-folder'), env: testEnvironment });
    expect(hasCode(await thrown(nowhere.version()), 'PWT_CWD_NOT_FOUND')).toBe(true);
    const emptyPath = new Git({ cwd: folder, env: { PATH: mkdtempSync(join(folder, 'p')) } });
    expect(hasCode(await thrown(emptyPath.version()), 'PWT_GIT_NOT_FOUND')).toBe(true);
  });

  it('names an owner problem and how to solve it', async () => {
    const { git } = await repositoryWith({ a: '1' });
    const error = await thrown(git.run(['status'], { env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' } }));
    expect(error.code).toBe('PWT_GIT_UNSAFE_OWNER');
    expect(error.hint).toContain('git config --global --add safe.directory');
  });

  it('ends git when it is aborted', async () => {
    const { git, path } = await emptyRepository();
    const reason = new Error('enough');
    expect(await thrown(git.run(['version'], { abortSignal: AbortSignal.abort(reason) }))).toBe(reason);
    const pipe = join(path, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const controller = new AbortController();
    const waiting = thrown(git.run(['hash-object', '--', pipe], { abortSignal: controller.signal }));
    // Opens only when git has opened the other end; git then waits for content that never comes.
    const writer = await open(pipe, 'w');
    controller.abort(reason);
    expect(await waiting).toBe(reason);
    await writer.close();
  });

  it.each(['', ' &'])('ends what git has started as well: a helper that hangs%s', async (background) => {
    const { git, path } = await emptyRepository();
    const pipe = join(path, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const controller = new AbortController();
    const reason = new Error('enough');
    // In the background, git itself ends at once and its output stays open.
    const alias = `alias.hang=!read x < '${pipe}'${background}`;
    const waiting = thrown(git.run(['-c', alias, 'hang'], { abortSignal: controller.signal }));
    const writer = await open(pipe, 'w');
    controller.abort(reason);
    expect(await waiting).toBe(reason);
    await writer.close();
    // The other end is closed.
    await expect(open(pipe, constants.O_WRONLY | constants.O_NONBLOCK)).rejects.toMatchObject({
      code: 'ENXIO',
    });
  });

  it('asks for the version once, for all directories', async () => {
    const { git, path } = await emptyRepository();
    expect(await git.at(path).version()).toMatchObject({ major: 2 });
    expect(git.at('/').version()).toBe(git.version());
  });
});
