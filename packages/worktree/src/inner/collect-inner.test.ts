import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectFrom } from '../../test/repository.js';
import { workspaceWithSubmodule } from '../../test/submodules.js';

/** As after landing, with no remote in reach: the checkout goes to the commit, and its submodule follows. */
async function follow(stage: Awaited<ReturnType<typeof workspaceWithSubmodule>>, commit: string) {
  const { repository, remote } = stage;
  renameSync(remote.path, `${remote.path}-offline`);
  await repository.git.run(['reset', '--quiet', '--hard', commit]);
  await repository.git.run(['-c', 'protocol.file.allow=always', 'submodule', 'update', '--init']);
  return repository.git.at(join(repository.path, 'lib')).text(['rev-parse', 'HEAD']);
}

describe('a submodule commit that only the worktree has', () => {
  it.each([true, false])('is there for the project, its checkout initialised: %s', async (initialised) => {
    const stage = await workspaceWithSubmodule({ initialised });
    const inner = await stage.commitIn(stage.lib, { 'new.txt': 'n\n' });
    const { commit, changes, findings } = await stage.collect();
    expect(changes).toEqual([{ path: 'lib', kind: 'modified' }]);
    expect(findings).toMatchObject([
      {
        kind: 'submodule',
        severity: 'warning',
        taskIds: ['20'],
        subjects: ['lib'],
        message: expect.stringContaining(inner),
      },
    ]);
    expect((await stage.collect()).findings).toEqual(findings);
    expect(
      await stage.repository.provider.remove({ workspace: stage.workspace, containedIn: commit }),
    ).toEqual({
      status: 'removed',
    });
    expect(await follow(stage, commit)).toBe(inner);
  });

  it('is there in worktrees that are made from it: those of the gate, and of tasks that come after', async () => {
    const stage = await workspaceWithSubmodule();
    const { repository, remote } = stage;
    const inner = await stage.commitIn(stage.lib, { 'new.txt': 'n\n' });
    const { commit } = await stage.collect();
    for (const make of [
      () => repository.create('21', commit),
      () => repository.provider.scratch({ runId: 'r1', commit }),
    ]) {
      const { path } = await make();
      await repository.git
        .at(path)
        .run(['-c', 'protocol.file.allow=always', 'submodule', 'update', '--init']);
      expect(await repository.git.at(join(path, 'lib')).text(['rev-parse', 'HEAD'])).toBe(inner);
      expect(await repository.git.at(join(path, 'lib')).text(['remote', 'get-url', 'origin'])).toBe(
        remote.path,
      );
    }
    const later = await repository.create('22', commit);
    expect(await repository.provider.remove({ workspace: later, containedIn: commit })).toEqual({
      status: 'removed',
    });
  });

  it('holds the task if it is nowhere', async () => {
    const stage = await workspaceWithSubmodule();
    const commit = '1'.repeat(40);
    rmSync(stage.lib, { recursive: true });
    mkdirSync(stage.lib);
    await stage.git.run(['update-index', '--cacheinfo', `160000,${commit},lib`]);
    await stage.git.run(['commit', '--quiet', '-m', 'agent']);
    expect((await stage.collect()).findings).toMatchObject([
      {
        kind: 'submodule',
        severity: 'error',
        subjects: ['lib'],
        hint: expect.stringContaining('submodule update'),
      },
    ]);
  });

  it('is kept although a later commit of the task goes on from another one', async () => {
    const stage = await workspaceWithSubmodule();
    const passed = await stage.commitIn(stage.lib, { a: '1' });
    await stage.commitIn(stage.workspace.path);
    await stage.git.at(stage.lib).run(['reset', '--quiet', '--hard', 'HEAD~1']);
    await stage.commitIn(stage.lib, { a: '2' });
    await stage.collect();
    expect(await stage.store.text(['for-each-ref', `--contains=${passed}`])).not.toBe('');
  });

  it('has the edits at which git was told not to look', async () => {
    const stage = await workspaceWithSubmodule();
    await stage.git.at(stage.lib).run(['update-index', '--skip-worktree', 's.txt']);
    writeFileSync(join(stage.lib, 's.txt'), 'work\n');
    const request = { workspace: stage.workspace, containedIn: stage.base };
    expect(await stage.repository.provider.remove(request)).toMatchObject({
      ...{ status: 'kept', reason: 'dirty' },
      message: expect.stringContaining('lib/s.txt'),
    });
    await stage.collect();
    expect(await stage.git.at(stage.lib).text(['show', 'HEAD:s.txt'])).toBe('work');
  });

  it('is no news once a remote of the project has it', async () => {
    const stage = await workspaceWithSubmodule();
    await stage.remote.commit({ later: 'l\n' });
    for (const top of [stage.lib, join(stage.repository.path, 'lib')]) {
      await stage.git.at(top).run(['-c', 'protocol.file.allow=always', 'fetch', '--quiet']);
    }
    await stage.git.at(stage.lib).run(['checkout', '--quiet', 'origin/main']);
    expect((await stage.collect()).findings).toBeUndefined();
  });
});

describe('what is uncommitted in a submodule', () => {
  it('is committed with the rest where the agent worked in it, and no configuration of it is obeyed', async () => {
    const stage = await workspaceWithSubmodule();
    const { repository, lib, git } = stage;
    const mark = join(repository.folder, 'ran');
    const script = join(repository.folder, 'script');
    writeFileSync(script, `#!/bin/sh\ntouch '${mark}'\ncat\n`, { mode: 0o755 });
    for (const [key, value] of [
      ['filter.x.clean', script],
      ['core.fsmonitor', script],
      ['core.hooksPath', repository.folder],
    ]) {
      await git.at(lib).run(['config', key ?? '', value ?? '']);
    }
    repository.write({ '.gitattributes': '* filter=x\n', 's.txt': 'S\n', more: 'm\n' }, lib);
    const { commit, committedLeftovers } = await stage.collect();
    expect(committedLeftovers).toBe(true);
    expect(existsSync(mark)).toBe(false);
    await git.at(lib).run(['config', '--unset', 'filter.x.clean']);
    expect(await git.at(lib).text(['status', '--porcelain'])).toBe('');
    await follow(stage, commit);
    expect(readFileSync(join(repository.path, 'lib/s.txt'), 'utf8')).toBe('S\n');
    expect(readFileSync(join(repository.path, 'lib/more'), 'utf8')).toBe('m\n');
  });

  it('stays, and is said, where there are but new files, as a build leaves them', async () => {
    const stage = await workspaceWithSubmodule();
    stage.repository.write({ work: 'w\n' }, stage.workspace.path);
    stage.repository.write({ 'lib.o': 'o\n' }, stage.lib);
    const { changes, findings, commit } = await stage.collect();
    expect(changes).toEqual([{ path: 'work', kind: 'added' }]);
    expect(findings).toMatchObject([{ kind: 'left-out', severity: 'warning', subjects: ['lib/lib.o'] }]);
    const outcome = await stage.repository.provider.remove({
      workspace: stage.workspace,
      containedIn: commit,
    });
    expect(outcome).toMatchObject({
      status: 'kept',
      reason: 'dirty',
      message: expect.stringContaining('lib/lib.o'),
    });
  });

  it('is named where the submodule is not even checked out, and is not lost', async () => {
    const stage = await workspaceWithSubmodule();
    const { repository, base, git } = stage;
    const workspace = await repository.create('21', base);
    repository.write({ 'lib/deep/new.c': 'n\n' }, workspace.path);
    const { commit, findings } = await collectFrom(repository.provider, { workspace, message: 'x' });
    expect(findings).toMatchObject([{ kind: 'left-out', severity: 'warning', subjects: ['lib/deep'] }]);
    expect(await repository.provider.remove({ workspace, containedIn: commit })).toMatchObject({
      ...{ status: 'kept', reason: 'dirty', message: expect.stringContaining('lib/deep') },
    });
    const outcome = await repository.provider.remove({ workspace, force: ['dirty', 'unmerged'] });
    expect(outcome).toMatchObject({ status: 'removed', snapshot: expect.anything() });
    expect(await git.text(['rev-list', '--objects', '--all'])).toMatch(/ \S*deep\/new[.]c$/m);
  });

  it('is not collected in the middle of a merge', async () => {
    const stage = await workspaceWithSubmodule();
    stage.repository.write({ 's.txt': 'S\n' }, stage.lib);
    await stage.git.at(stage.lib).run(['bisect', 'start']);
    await expect(stage.collect()).rejects.toMatchObject({
      code: 'PWT_WORKTREE_BUSY',
      message: expect.stringContaining('lib'),
    });
  });
});

describe('a gitlink without .gitmodules', () => {
  it('holds the task, and its hint leads out', async () => {
    const stage = await workspaceWithSubmodule();
    const { repository, workspace, git } = stage;
    repository.write({ 'clone/file': 'f\n' }, workspace.path);
    await git.run(['init', '--quiet', 'clone']);
    await stage.commitIn(join(workspace.path, 'clone'));
    await stage.commitIn(workspace.path);
    const [finding] = (await stage.collect()).findings ?? [];
    expect(finding).toMatchObject({ kind: 'gitlink', severity: 'error', subjects: ['clone'] });
    const { execFileSync } = await import('node:child_process');
    const commands = (finding?.hint ?? '').replace(/^[^:]*: /, '').replace('pwt resume', 'true');
    execFileSync('/bin/sh', ['-c', commands], { cwd: repository.path });
    const { changes, findings } = await stage.collect();
    expect(changes).toEqual([{ path: 'clone/file', kind: 'added' }]);
    expect(findings).toBeUndefined();
  });

  it('is one, too, where the task has taken the name away', async () => {
    const stage = await workspaceWithSubmodule();
    await stage.git.run([
      'config',
      '--file',
      '.gitmodules',
      '--rename-section',
      'submodule.lib',
      'submodule.other',
    ]);
    await stage.git.run(['config', '--file', '.gitmodules', 'submodule.other.path', 'elsewhere']);
    expect((await stage.collect()).findings).toMatchObject([
      { kind: 'gitlink', severity: 'error', subjects: ['lib'] },
    ]);
  });
});

describe('a .git in a submodule that leads out of the worktree', () => {
  /** Each makes `lib/.git` lead to the git directory of another repository. */
  const leads: Readonly<Record<string, (lib: string, gitDir: string) => void>> = {
    file: (lib, gitDir) => writeFileSync(join(lib, '.git'), `gitdir: ${gitDir}\n`),
    'symbolic link': (lib, gitDir) => symlinkSync(gitDir, join(lib, '.git')),
    commondir: (lib, gitDir) => {
      mkdirSync(join(lib, '.git'));
      cpSync(join(gitDir, 'HEAD'), join(lib, '.git/HEAD'));
      writeFileSync(join(lib, '.git/commondir'), `${gitDir}\n`);
    },
    'link for objects': (lib, gitDir) => {
      cpSync(gitDir, join(lib, '.git'), { recursive: true });
      rmSync(join(lib, '.git/objects'), { recursive: true });
      symlinkSync(join(gitDir, 'objects'), join(lib, '.git/objects'));
    },
  };

  it.each(Object.keys(leads))('is not followed, and nothing of it runs: %s', async (how) => {
    const stage = await workspaceWithSubmodule();
    const { repository, workspace, git, lib, store } = stage;
    const ran = join(repository.folder, 'ran');
    // The project's own submodule, which the user has checked out, with what an agent has configured in it.
    const foreign = store.cwd;
    const config = ['config', '--file', join(foreign, 'config')];
    await git.run([...config, 'filter.x.clean', `touch '${ran}'; cat`]);
    await git.run([...config, 'core.worktree', lib]);
    const before = [
      await store.text(['for-each-ref']),
      await store.text(['rev-parse', 'HEAD']),
      readFileSync(join(foreign, 'index'), 'hex'),
    ];
    rmSync(join(lib, '.git'));
    leads[how]?.(lib, foreign);
    repository.write({ '.gitattributes': '* filter=x\n', 's.txt': 'x\n' }, lib);
    repository.write({ a: 'b\n' }, workspace.path);
    expect(await repository.provider.changes(workspace)).toEqual([{ path: 'a', kind: 'modified' }]);
    const { changes, findings } = await stage.collect();
    expect(changes).toEqual([{ path: 'a', kind: 'modified' }]);
    expect(findings).toMatchObject([
      { kind: 'left-out', severity: 'warning', subjects: expect.arrayContaining(['lib/.git', 'lib/s.txt']) },
    ]);
    expect(existsSync(ran)).toBe(false);
    expect([
      await store.text(['for-each-ref']),
      await store.text(['rev-parse', 'HEAD']),
      readFileSync(join(foreign, 'index'), 'hex'),
    ]).toEqual(before);
    expect(await repository.provider.remove({ workspace, force: ['unmerged'] })).toMatchObject({
      status: 'kept',
      reason: 'dirty',
    });
  });
});

describe('removal', () => {
  it('keeps what only a stash or a reflog of a submodule names, forced or not', async () => {
    const stage = await workspaceWithSubmodule();
    const { repository, workspace, lib, git, store } = stage;
    const amended = await stage.commitIn(lib, { a: '1' });
    await git.at(lib).run(['reset', '--quiet', '--hard', 'HEAD~1']);
    expect(await repository.provider.remove({ workspace, force: ['dirty', 'unmerged'] })).toMatchObject({
      status: 'removed',
    });
    expect(await store.text(['for-each-ref', `--contains=${amended}`])).not.toBe('');
  });

  it.each(['HEAD', 'commondir', 'gitdir', 'pwt-mark'])(
    'keeps commits of submodules where %s is missing in the git directory, and the worktree is gone',
    async (name) => {
      const stage = await workspaceWithSubmodule();
      const { repository, workspace, lib, store } = stage;
      const commit = await stage.commitIn(lib, { a: '1' });
      const gitDir = join(repository.commonDir, 'worktrees/repo-wt20');
      rmSync(workspace.path, { recursive: true });
      rmSync(join(gitDir, name));
      expect(await repository.provider.remove({ workspace, force: ['dirty', 'unmerged'] })).toMatchObject({
        status: 'gone',
      });
      expect(existsSync(gitDir)).toBe(false);
      expect(await store.text(['for-each-ref', `--contains=${commit}`])).not.toBe('');
    },
  );

  it('does not delete the repository of a submodule that cannot be fetched, however often it is tried', async () => {
    const stage = await workspaceWithSubmodule({ initialised: false });
    const { repository, workspace, lib } = stage;
    await stage.commitIn(lib, { a: '1' });
    repository.write({ 'modules/lib': 'in the way\n' }, repository.commonDir);
    const modules = join(repository.commonDir, 'worktrees/repo-wt20/modules/lib');
    const remove = () => repository.provider.remove({ workspace, force: ['dirty', 'unmerged'] });
    expect(await remove()).toMatchObject({
      status: 'kept',
      message: expect.stringContaining('submodule lib'),
    });
    expect(existsSync(join(lib, 'a'))).toBe(true);
    rmSync(workspace.path, { recursive: true });
    expect(await remove()).toMatchObject({ status: 'kept' });
    expect(existsSync(modules)).toBe(true);
    rmSync(join(repository.commonDir, 'modules/lib'));
    expect(await remove()).toMatchObject({ status: 'gone' });
    expect(existsSync(modules)).toBe(false);
    expect(existsSync(join(repository.commonDir, 'modules/lib/HEAD'))).toBe(true);
  });
});
