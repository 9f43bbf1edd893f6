import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';
import { readHead } from './head.js';
import { addWorktree } from './worktrees.js';

describe.each([['sha1'], ['sha256']])('readHead in a %s repository', (format) => {
  it('says commit and branch as git does, from loose and packed refs, in a linked worktree as well', async () => {
    const repository = await repositoryWith({ a: '1' }, [`--object-format=${format}`]);
    const { git, folder } = repository;
    const commonDir = join(repository.path, '.git');
    const one = await git.text(['rev-parse', 'HEAD']);
    const two = await repository.commit({ a: '2' });
    const linked = git.at(join(folder, 'linked'));
    const head = { kind: 'new-branch', branch: 'feature/x', commit: one } as const;
    await addWorktree(git, { path: linked.cwd, head });
    for (const pack of [false, true]) {
      if (pack) await git.run(['pack-refs', '--all']);
      expect(await readHead(git, commonDir)).toEqual({ commit: two, branch: 'refs/heads/main' });
      expect(await readHead(linked, commonDir)).toEqual({ commit: one, branch: 'refs/heads/feature/x' });
    }
    // The loose ref wins over the packed one.
    await git.run(['update-ref', 'refs/heads/feature/x', two]);
    expect(await readHead(linked, commonDir)).toEqual({ commit: two, branch: 'refs/heads/feature/x' });
    await linked.run(['checkout', '--quiet', '--detach', one]);
    expect(await readHead(linked, commonDir)).toEqual({ commit: one, branch: null });
    await linked.run(['switch', '--quiet', '--orphan', 'unborn']);
    expect(await readHead(linked, commonDir)).toBeNull();
  });

  it('follows a branch that is another name of one', async () => {
    const repository = await repositoryWith({ a: '1' }, [`--object-format=${format}`]);
    const { git, path } = repository;
    const commit = await git.text(['rev-parse', 'HEAD']);
    await git.run(['symbolic-ref', 'refs/heads/alias', 'refs/heads/main']);
    await git.run(['symbolic-ref', 'HEAD', 'refs/heads/alias']);
    expect((await readHead(git, join(path, '.git')))?.commit).toBe(commit);
  });
});
