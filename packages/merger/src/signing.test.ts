import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { discoverRepository } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { TestRepository, temporaryFolder, testEnvironment } from '../test/repository.js';
import { GitMerger } from './git-merger.js';

const hasSshKeygen = (() => {
  try {
    // It prints its usage and fails.
    execFileSync('ssh-keygen', ['-?'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
})();

/** A user whose git signs with an ssh key of theirs, and what their configuration says besides. */
async function signingUser(more: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder();
  const [home, key] = [join(folder, 'home'), join(folder, 'home', 'key')];
  mkdirSync(home);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key]);
  const publicKey = execFileSync('ssh-keygen', ['-y', '-f', key], { encoding: 'utf8' });
  writeFileSync(join(home, 'signers'), `carl@example.com ${publicKey}`);
  const settings: Record<string, string> = {
    'commit.gpgSign': 'true',
    'gpg.format': 'ssh',
    'user.signingKey': key,
    'gpg.ssh.allowedSignersFile': join(home, 'signers'),
    ...more,
  };
  const config = join(home, 'config');
  for (const [name, value] of Object.entries(settings)) {
    execFileSync('git', ['config', '--file', config, name, value]);
  }
  const repository = new TestRepository(folder, { ...testEnvironment, GIT_CONFIG_GLOBAL: config });
  await repository.git.run(['init', '--quiet', '--initial-branch=main']);
  const unsigned = (files: Record<string, string>) => repository.commit(files, 'unsigned');
  // The harness commits with plain git, which would sign as well.
  await repository.git.run(['config', 'commit.gpgSign', 'false']);
  const base = await unsigned({ a: 'a\n' });
  return { repository, base, folder, config };
}

async function mergerOf(repository: TestRepository): Promise<GitMerger> {
  const { signing } = await discoverRepository(repository.git);
  return new GitMerger({ git: repository.git, commonDir: repository.commonDir, signing });
}

const subject = { kind: 'tasks', taskIds: ['20'] } as const;

describe.skipIf(!hasSshKeygen)('with a user whose git signs', () => {
  it.each(['merge', 'squash', 'rebase'] as const)(
    '%s: the commit is signed, and git verifies it',
    async (strategy) => {
      const { repository, base } = await signingUser();
      const commit = await repository.side(base, { b: 'b\n' });
      const merger = await mergerOf(repository);
      await merger.check();
      const request = { runId: 'r1', subject, onto: base, commit, message: 'A title', strategy };
      const outcome = await merger.integrate(request);
      if (outcome.status !== 'merged') throw new Error(outcome.status);
      const { stderr } = await repository.git.run(['verify-commit', outcome.commit]);
      expect(stderr).toContain('Good "git" signature for carl@example.com');
      expect((await repository.git.run(['verify-commit', commit], { okExitCodes: [1] })).exitCode).toBe(1);
    },
  );

  it('leaves no object behind when it tries the key', async () => {
    const { repository } = await signingUser();
    const count = () => repository.git.text(['count-objects']);
    const before = await count();
    await (await mergerOf(repository)).check();
    expect(await count()).toBe(before);
  });

  it.each([
    ['the key is missing', { 'user.signingKey': '/nonexistent/key' }],
    ['the program is missing', { 'gpg.ssh.program': '/nonexistent/ssh-keygen' }],
    ['a gpg is asked for that is not there', { 'gpg.format': 'openpgp', 'gpg.program': '/nonexistent/gpg' }],
    ['no key is named', { 'user.signingKey': '' }],
  ])('says before anything starts that %s', async (_, more) => {
    const { repository } = await signingUser(more);
    await expect((await mergerOf(repository)).check()).rejects.toMatchObject({
      code: 'PWT_SIGNING_FAILED',
      hint: expect.stringContaining('commit.gpgSign'),
    });
  });

  it("takes neither key nor program nor the wish from the repository's own configuration", async () => {
    const { repository, base, folder } = await signingUser();
    const used = join(folder, 'used');
    const program = join(folder, 'program');
    writeFileSync(program, `#!/bin/sh\ntouch '${used}'\nexit 1\n`, { mode: 0o755 });
    const hostile = {
      'gpg.format': 'openpgp',
      'gpg.program': program,
      'gpg.ssh.program': program,
      'user.signingKey': 'x',
    };
    for (const [name, value] of Object.entries(hostile)) await repository.git.run(['config', name, value]);
    const commit = await repository.side(base, { b: 'b\n' });
    const outcome = await (await mergerOf(repository)).integrate({
      ...{ runId: 'r1', subject, onto: base, commit, message: 'A title' },
    });
    if (outcome.status !== 'merged') throw new Error(outcome.status);
    await repository.git.run(['config', '--unset', 'gpg.format']);
    await repository.git.run(['config', '--unset', 'gpg.ssh.program']);
    await repository.git.run(['verify-commit', outcome.commit]);
    expect(existsSync(used)).toBe(false);
  });
});

it("signs nothing where only the repository's own configuration asks for it", async () => {
  const folder = temporaryFolder();
  const repository = new TestRepository(folder);
  await repository.git.run(['init', '--quiet', '--initial-branch=main']);
  await repository.git.run(['config', 'commit.gpgSign', 'true']);
  expect((await discoverRepository(repository.git)).signing).toBeUndefined();
});
