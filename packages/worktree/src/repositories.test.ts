import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectFrom, repositoryWith, TestRepository, temporaryFolder } from '../test/repository.js';

describe('kinds of repositories', () => {
  async function fullCircle(repository: TestRepository, base: string): Promise<void> {
    const workspace = await repository.create('20', base);
    repository.write({ new: 'n\n' }, workspace.path);
    const { commit, changes } = await collectFrom(repository.provider, { workspace, message: 'work' });
    expect(changes).toEqual([{ path: 'new', kind: 'added' }]);
    const scratch = await repository.provider.scratch({ runId: 'r1', commit });
    expect(await repository.provider.remove({ workspace: scratch })).toEqual({ status: 'removed' });
    await repository.provider.close({ runId: 'r1' });
    expect(await repository.provider.remove({ workspace, containedIn: commit })).toEqual({
      status: 'removed',
    });
    expect(readdirSync(repository.folder)).toEqual(['repo']);
  }

  it('SHA-256 objects', async () => {
    const repository = new TestRepository(temporaryFolder());
    await repository.git.run(['init', '--quiet', '--initial-branch=main', '--object-format=sha256']);
    await fullCircle(repository, await repository.commit({ a: 'a\n' }));
  });

  it('an empty tree', async () => {
    const { repository, base } = await repositoryWith({});
    await fullCircle(repository, base);
  });

  it('a sparse checkout, which the worktree inherits', async () => {
    const { repository, base } = await repositoryWith({ 'in/a': 'a\n', 'out/b': 'b\n' });
    await repository.git.run(['sparse-checkout', 'set', 'in']);
    const { path } = await repository.create('7', base);
    expect(readdirSync(path).sort()).toEqual(['.git', 'in']);
  });

  it('worktrees made from a linked worktree', async () => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const linked = join(repository.folder, 'linked');
    await repository.git.run(['worktree', 'add', '--quiet', '--detach', linked]);
    const provider = repository.providerWith({ git: repository.git.at(linked) });
    const workspace = await repository.create('20', base, provider);
    expect(workspace.path).toBe(join(repository.folder, 'repo-wt20'));
    expect(await provider.remove({ workspace, containedIn: base })).toEqual({ status: 'removed' });
  });
});
