import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryWith, type TestRepository, testEnvironment } from '../../test/repository.js';
import { commitAll } from '../commit-all.js';
import { discoverRepository } from '../discovery.js';
import { Git } from '../git.js';
import { updateRef } from '../refs.js';
import { readStatus } from '../status.js';
import { listWorktrees } from '../worktree-list.js';
import { addWorktree, forgetWorktree } from '../worktrees.js';
import { openDoor } from './open-door.js';
import { formatConfig, readConfig } from './repository-config.js';
import { effectiveConfig, untrustedEntries } from './trusted-config.js';

async function door(repository: TestRepository): Promise<Git> {
  const found = await discoverRepository(repository.git);
  return openDoor(repository.git, {
    workTree: repository.path,
    gitDir: found.gitDir,
    commonDir: found.commonDir,
    config: found.config,
    mirrors: join(repository.folder, 'mirrors'),
  });
}

async function ready() {
  const repository = await repositoryWith({ a: '1\n', '.gitattributes': 'a filter=x diff=x merge=x\n' });
  const canary = join(repository.folder, 'canary');
  return { repository, path: repository.path, git: await door(repository), canary };
}

describe('openDoor', () => {
  it('never obeys what is configured after it was opened', async () => {
    const { repository, git, canary } = await ready();
    const evil = `touch ${canary}; cat`;
    for (const key of ['filter.x.clean', 'filter.x.smudge', 'diff.x.textconv', 'core.fsmonitor'])
      await repository.git.run(['config', key, evil]);
    repository.write({ a: '2\n' });
    expect(await readStatus(git)).toMatchObject([{ path: 'a', worktree: 'M' }]);
    await git.run(['diff', 'HEAD']);
    await commitAll(git, { message: 'two\n' });
    await git.run(['checkout', '--quiet', 'HEAD~1', '--', 'a']);
    expect(existsSync(canary)).toBe(false);
    // Without the door, git uses it.
    repository.write({ a: '3\n' });
    await readStatus(repository.git);
    expect(existsSync(canary)).toBe(true);
  });

  it('obeys what was trusted, included files among it, in the form in which it was read', async () => {
    const { repository, path, canary } = await ready();
    const odd = `printf '%s' "a\\tb#c;d" >${canary}; cat`;
    writeFileSync(join(path, '.git/more'), formatConfig([{ key: 'filter.x.clean', value: odd }]));
    await repository.git.run(['config', 'include.path', 'more']);
    const git = await door(repository);
    repository.write({ a: '2\n' });
    await readStatus(git);
    expect(readFileSync(canary, 'utf8')).toBe('a\\tb#c;d');
  });

  it('works on the repository itself: objects, refs, packed refs, reflogs and worktrees', async () => {
    const { repository, path, git } = await ready();
    const head = await git.text(['rev-parse', 'HEAD']);
    await git.run(['pack-refs', '--all']);
    expect(readFileSync(join(path, '.git/packed-refs'), 'utf8')).toContain('refs/heads/main');
    await updateRef(git, { ref: 'refs/heads/b', newValue: head, oldValue: null, reflogMessage: 'made' });
    expect(await repository.git.text(['reflog', '-1', 'b'])).toContain('made');
    const linked = join(repository.folder, 'linked');
    const added = await addWorktree(git, { path: linked, head: { kind: 'branch', branch: 'b' } });
    expect(added.status).toBe('added');
    expect(readFileSync(join(linked, '.git'), 'utf8')).toBe(`gitdir: ${path}/.git/worktrees/linked\n`);
    expect(await repository.git.at(linked).text(['status', '--porcelain'])).toBe('');
    expect((await listWorktrees(git)).map((entry) => entry.path)).toEqual([path, linked]);
    rmSync(linked, { recursive: true });
    await forgetWorktree(git, join(path, '.git/worktrees/linked'));
    expect((await listWorktrees(git)).map((entry) => entry.path)).toEqual([path]);
    expect(await repository.git.text(['fsck', '--no-dangling'])).toBe('');
  });

  it('is in a worktree whatever the agent has made of its .git', async () => {
    const { repository, path, git, canary } = await ready();
    const linked = join(repository.folder, 'linked');
    await addWorktree(git, { path: linked, head: { kind: 'detached', commit: 'HEAD' } });
    const own = git.inWorktree({
      path: linked,
      gitDir: join(path, '.git/worktrees/linked'),
      commonDir: join(path, '.git'),
    });
    const theirs = join(repository.folder, 'theirs');
    mkdirSync(theirs);
    await repository.git.at(theirs).run(['init', '--quiet']);
    await repository.git.at(theirs).run(['config', 'filter.x.clean', `touch ${canary}; cat`]);
    writeFileSync(
      join(path, '.git/worktrees/linked/config.worktree'),
      `[filter "x"]\nclean = touch ${canary}\n`,
    );
    writeFileSync(join(path, '.git/worktrees/linked/commondir'), `${theirs}/.git\n`);
    await repository.git.run(['config', 'extensions.worktreeConfig', 'true']);
    for (const replace of [
      () => writeFileSync(join(linked, '.git'), `gitdir: ${theirs}/.git\n`),
      () => {
        rmSync(join(linked, '.git'));
        symlinkSync(join(theirs, '.git'), join(linked, '.git'));
      },
    ]) {
      replace();
      writeFileSync(join(linked, 'a'), 'changed\n');
      expect(await readStatus(own)).toMatchObject([{ path: 'a' }]);
      await own.run(['add', '--all']);
      await own.run(['reset', '--quiet', '--hard']);
    }
    expect(existsSync(canary)).toBe(false);
  });

  it('keeps the worktree configuration of a sparse checkout for new worktrees', async () => {
    const { repository } = await ready();
    await repository.commit({ 'in/x': '1', 'out/y': '1' });
    await repository.git.run(['sparse-checkout', 'set', 'in']);
    const git = await door(repository);
    const linked = join(repository.folder, 'linked');
    await addWorktree(git, { path: linked, head: { kind: 'detached', commit: 'HEAD' } });
    expect(existsSync(join(linked, 'in/x'))).toBe(true);
    expect(existsSync(join(linked, 'out/y'))).toBe(false);
    expect(await repository.git.at(linked).text(['config', 'core.sparseCheckout'])).toBe('true');
    expect(await repository.git.at(linked).text(['status', '--porcelain'])).toBe('');
  });
});

describe('openDoor in a bare layout', () => {
  it('makes worktrees in which git works, where only their own configuration says that they are not bare', async () => {
    const { folder, git } = await repositoryWith({ a: '1' });
    const bare = join(folder, 'bare.git');
    await git.run(['clone', '--quiet', '--bare', '.', bare]);
    const checkout = join(folder, 'checkout');
    await git.at(bare).run(['worktree', 'add', '--quiet', '--force', checkout, 'main']);
    await git.at(bare).run(['config', 'extensions.worktreeConfig', 'true']);
    const own = git.at(checkout);
    await own.run(['config', '--worktree', 'core.bare', 'false']);
    const { gitDir, commonDir, config } = await discoverRepository(own);
    const mirrors = join(folder, 'mirrors');
    const behind = await openDoor(own, { workTree: checkout, gitDir, commonDir, config, mirrors });
    const linked = join(folder, 'linked');
    await addWorktree(behind, { path: linked, head: { kind: 'detached', commit: 'HEAD' } });
    expect(await git.at(linked).text(['status', '--porcelain'])).toBe('');
  });
});

describe('trusted configuration', () => {
  const entry = (key: string, value: string | null = 'v') =>
    ({ scope: 'local', file: '/r/.git/config', key, value }) as const;

  it('names what can run a command and is new or changed', () => {
    const trusted = [entry('filter.x.clean', 'cat'), entry('user.name', 'a')];
    const current = [entry('filter.x.clean', 'evil'), entry('user.name', 'b'), entry('core.bare', 'true')];
    expect(untrustedEntries(trusted, current)).toEqual([entry('filter.x.clean', 'evil')]);
    expect(untrustedEntries(trusted, trusted)).toEqual([]);
    const daily = ['core.hooksPath', 'remote.fork.url', 'alias.st', 'url.ssh://x.insteadOf'].map((key) =>
      entry(key),
    );
    expect(untrustedEntries(trusted, daily)).toEqual([]);
  });

  it('goes by what was trusted, except for the format and the identity', () => {
    const trusted = [
      entry('core.autocrlf', 'true'),
      entry('extensions.refstorage', 'files'),
      entry('user.name', 'a'),
    ];
    const current = [
      entry('core.autocrlf', 'false'),
      entry('extensions.refstorage', 'reftable'),
      entry('user.name', 'b'),
    ];
    expect(effectiveConfig(trusted, current)).toEqual([trusted[0], current[1], current[2]]);
  });

  it('writes what git reads back as the same', async () => {
    const { git, path } = await repositoryWith({});
    const odd = [
      { key: 'a.b', value: null },
      { key: 'a.b', value: ' lead "quote" \\ back\ttab\nline # ; end ' },
      { key: 'remote.o"d\\d .name]x.url', value: '' },
    ];
    writeFileSync(join(path, '.git/config'), formatConfig(odd));
    const read = await readConfig(new Git({ cwd: path, env: testEnvironment }));
    expect(read.map(({ key, value }) => ({ key, value }))).toEqual(odd);
    expect(await git.text(['config', 'remote.o"d\\d .name]x.url'])).toBe('');
  });
});
