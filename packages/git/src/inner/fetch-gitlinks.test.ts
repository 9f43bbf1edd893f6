import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asPwtHasIt, projectWithSubmodule } from '../../test/submodules.js';
import { fetchGitlinks } from './fetch-gitlinks.js';
import { newGitlinks } from './gitlinks.js';
import { keptRef } from './store.js';

type Stage = Awaited<ReturnType<typeof projectWithSubmodule>>;

/** Commits in the worktree's submodule and records that; returns both ids. */
async function work(stage: Stage, path = 'lib') {
  const inner = await stage.commitIn(join(stage.worktree, path), { 'new.txt': 'work\n' });
  const commit = await stage.commitIn(stage.worktree, {});
  return { inner, commit };
}

async function fetchFrom(stage: Stage, commit: string) {
  const { git, base, repository, worktree, commonDir, worktreeGitDir } = stage;
  return fetchGitlinks(asPwtHasIt(stage), {
    level: {
      keepers: [commonDir],
      checkout: repository.path,
      worktree: { gitDir: worktreeGitDir, workTree: worktree },
    },
    treeish: commit,
    links: await newGitlinks(git, base, commit),
  });
}

/** As after landing: the checkout is on the commit, and the submodule is to follow without any remote. */
async function follow(stage: Stage, commit: string): Promise<string> {
  const { git, repository, remote } = stage;
  renameSync(remote, `${remote}-offline`);
  await git.run(['reset', '--quiet', '--hard', commit]);
  rmSync(stage.worktree, { recursive: true });
  await git.run(['worktree', 'prune', '--expire=now']);
  await git.run(['-c', 'protocol.file.allow=always', 'submodule', 'update', '--init', '--recursive']);
  await git.run(['-C', 'lib', 'gc', '--quiet', '--prune=now']);
  return git.at(join(repository.path, 'lib')).text(['rev-parse', 'HEAD']);
}

describe('a submodule commit that only the worktree has', () => {
  it.each(['initialised', 'never initialised', 'with a .git folder'] as const)(
    'is found by `git submodule update` in a checkout whose submodule is %s',
    async (how) => {
      const stage = await projectWithSubmodule(how);
      const { inner, commit } = await work(stage);
      const [result] = await fetchFrom(stage, commit);
      expect(result).toMatchObject({ path: 'lib', commit: inner, isNew: true, name: 'lib' });
      expect(existsSync(join(stage.commonDir, 'modules/lib'))).toBe(how !== 'with a .git folder');
      expect(await follow(stage, commit)).toBe(inner);
      expect(readFileSync(join(stage.repository.path, 'lib/new.txt'), 'utf8')).toBe('work\n');
    },
  );

  it('is kept once, and no news any more when another ref of the project has it', async () => {
    const stage = await projectWithSubmodule('initialised');
    const { inner, commit } = await work(stage);
    await fetchFrom(stage, commit);
    expect(await fetchFrom(stage, commit)).toMatchObject([{ isNew: true }]);
    const store = stage.git.at(join(stage.commonDir, 'modules/lib'));
    const refs = await store.text(['for-each-ref', '--format=%(refname)', 'refs/pwt']);
    expect(refs).toBe(keptRef(inner));
    await store.run(['update-ref', 'refs/heads/published', inner]);
    expect(await fetchFrom(stage, commit)).toMatchObject([{ isNew: false }]);
  });

  it('is made good where an interrupted fetch has left the commit without its files', async () => {
    const stage = await projectWithSubmodule('initialised');
    const { inner, commit } = await work(stage);
    const from = join(stage.worktreeGitDir, 'modules/lib/objects', inner.slice(0, 2));
    const to = join(stage.commonDir, 'modules/lib/objects', inner.slice(0, 2));
    mkdirSync(to, { recursive: true });
    writeFileSync(join(to, inner.slice(2)), readFileSync(join(from, inner.slice(2))));
    expect(await fetchFrom(stage, commit)).toMatchObject([{ isNew: true }]);
    expect(await follow(stage, commit)).toBe(inner);
  });

  it('is missing if it is nowhere, or if its name leads into another repository', async () => {
    const stage = await projectWithSubmodule('initialised');
    const inner = await stage.commitIn(join(stage.worktree, 'lib'), { a: 'a' });
    const commit = await stage.commitIn(stage.worktree, {});
    rmSync(join(stage.worktreeGitDir, 'modules'), { recursive: true });
    expect(await fetchFrom(stage, commit)).toMatchObject([{ status: 'missing', commit: inner, name: 'lib' }]);
    await stage.git.run([
      'config',
      '--file',
      join(stage.worktree, '.gitmodules'),
      '--rename-section',
      'submodule.lib',
      'submodule.lib/objects',
    ]);
    rmSync(join(stage.worktree, 'lib'), { recursive: true });
    mkdirSync(join(stage.worktree, 'lib'));
    const again = await stage.commitIn(stage.worktree, {});
    expect(await fetchFrom(stage, again)).toMatchObject([{ status: 'missing', name: 'lib/objects' }]);
  });

  it('has no name if no `.gitmodules` has one', async () => {
    const stage = await projectWithSubmodule('initialised');
    mkdirSync(join(stage.worktree, 'clone'));
    await stage.git.at(join(stage.worktree, 'clone')).run(['init', '--quiet']);
    await stage.commitIn(join(stage.worktree, 'clone'), { a: 'a' });
    const commit = await stage.commitIn(stage.worktree, {});
    expect(await fetchFrom(stage, commit)).toMatchObject([{ status: 'nameless', path: 'clone' }]);
  });
});

describe('a submodule in a submodule', () => {
  it('is fetched with it, under its own name', async () => {
    const stage = await projectWithSubmodule('initialised', { nested: true });
    const deep = await stage.commitIn(join(stage.worktree, 'lib/deep'), { 'd.txt': 'd\n' });
    const { commit } = await work(stage);
    expect(await fetchFrom(stage, commit)).toMatchObject([
      { fullPath: 'lib', isNew: true },
      { fullPath: 'lib/deep', isNew: true, commit: deep },
    ]);
    await follow(stage, commit);
    const { git, repository } = stage;
    expect(await git.at(join(repository.path, 'lib/deep')).text(['rev-parse', 'HEAD'])).toBe(deep);
  });
});

describe('what the worktree configures in its submodule', () => {
  it('is not run', async () => {
    const stage = await projectWithSubmodule('initialised');
    const { commit } = await work(stage);
    const mark = join(stage.repository.folder, 'ran');
    const script = join(stage.repository.folder, 'script');
    writeFileSync(script, `#!/bin/sh\ntouch '${mark}'\ncat\n`, { mode: 0o755 });
    const config = ['config', '--file', join(stage.worktreeGitDir, 'modules/lib/config')];
    for (const key of [
      'core.fsmonitor',
      'uploadpack.packObjectsHook',
      'core.sshCommand',
      'core.alternateRefsCommand',
    ]) {
      await stage.git.run([...config, key, script]);
    }
    mkdirSync(join(stage.worktreeGitDir, 'modules/lib/hooks'), { recursive: true });
    writeFileSync(
      join(stage.worktreeGitDir, 'modules/lib/hooks/reference-transaction'),
      readFileSync(script),
      { mode: 0o755 },
    );
    expect(await fetchFrom(stage, commit)).toMatchObject([{ isNew: true }]);
    expect(existsSync(mark)).toBe(false);
  });
});
