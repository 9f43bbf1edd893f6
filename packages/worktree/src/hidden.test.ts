import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectFrom, type Files, repositoryWith, type TestRepository } from '../test/repository.js';

const FLAGS = ['--skip-worktree', '--assume-unchanged'];

async function stage(provider?: (repository: TestRepository) => TestRepository['provider']) {
  const { repository, base } = await repositoryWith({ f: '1\n', g: '1\n', 'out/h': '1\n' });
  const used = provider?.(repository) ?? repository.provider;
  const workspace = await repository.create('20', base, used);
  return {
    ...{ repository, base, workspace, provider: used },
    git: repository.git.at(workspace.path),
    write: (files: Files) => repository.write(files, workspace.path),
    collect: () => collectFrom(used, { workspace, message: 'left\n' }),
    remove: (containedIn: string) => used.remove({ workspace, containedIn }),
  };
}

describe.each(FLAGS)('an edit that git was told not to look at (%s)', (flag) => {
  it('is committed with the rest, and named', async () => {
    const { git, write, collect, provider, workspace } = await stage();
    await git.run(['update-index', flag, 'f', 'g']);
    write({ f: 'work\n', new: 'n\n' });
    const changes = [
      { path: 'f', kind: 'modified' },
      { path: 'new', kind: 'added' },
    ];
    expect(await provider.changes(workspace)).toEqual(changes);
    const result = await collect();
    expect(result).toMatchObject({ changes, committedLeftovers: true });
    expect(result.findings).toMatchObject([{ kind: 'hidden', taskIds: ['20'], subjects: ['f'] }]);
    expect(await git.text(['show', `${result.commit}:f`])).toBe('work');
    expect((await collect()).commit).toBe(result.commit);
  });

  it('is committed where nothing else was done', async () => {
    const { git, write, collect } = await stage();
    await git.run(['update-index', flag, 'f']);
    write({ f: 'work\n' });
    expect((await collect()).changes).toEqual([{ path: 'f', kind: 'modified' }]);
  });

  it('keeps its worktree, and is in the snapshot where that goes by force', async () => {
    const { git, write, base, workspace, remove, provider } = await stage();
    await git.run(['update-index', flag, 'f']);
    expect(await provider.foresee({ workspace, containedIn: base })).toEqual({ status: 'removed' });
    write({ f: 'work\n' });
    const kept = { status: 'kept', reason: 'dirty', message: expect.stringContaining(': f') };
    expect(await provider.foresee({ workspace, containedIn: base })).toMatchObject(kept);
    expect(await remove(base)).toMatchObject(kept);
    expect(readFileSync(join(workspace.path, 'f'), 'utf8')).toBe('work\n');
    const outcome = await provider.remove({ workspace, containedIn: base, force: ['dirty'] });
    expect(outcome.status).toBe('removed');
    const { ref } = (outcome as { snapshot: { ref: string } }).snapshot;
    expect(await git.at(join(workspace.path, '../repo')).text(['show', `${ref}:f`])).toBe('work');
  });

  it('is left where the setup command has made it, and nothing was done to it since', async () => {
    const command = `echo local > f; git update-index ${flag} f g`;
    const { write, collect, base, remove, workspace, provider } = await stage((repository) =>
      repository.providerWith({ setup: { command } }),
    );
    expect(await collect()).toEqual({
      status: 'collected',
      commit: base,
      changes: [],
      committedLeftovers: false,
    });
    write({ new: 'n\n' });
    const { changes, commit, findings } = await collect();
    expect([changes, findings]).toEqual([[{ path: 'new', kind: 'added' }], undefined]);
    expect(await provider.foresee({ workspace, containedIn: commit })).toEqual({ status: 'removed' });
    write({ f: 'local and more\n' });
    expect(await remove(commit)).toMatchObject({ status: 'kept' });
    expect((await collect()).changes).toContainEqual({ path: 'f', kind: 'modified' });
  });
});

it('a file that a sparse checkout leaves out is no deletion', async () => {
  const { git, collect, base, workspace, remove } = await stage();
  await git.run(['update-index', '--skip-worktree', 'out/h']);
  rmSync(join(workspace.path, 'out'), { recursive: true });
  expect(await collect()).toEqual({
    status: 'collected',
    commit: base,
    changes: [],
    committedLeftovers: false,
  });
  expect(await remove(base)).toEqual({ status: 'removed' });
  expect(existsSync(workspace.path)).toBe(false);
});
