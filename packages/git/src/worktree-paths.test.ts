import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';
import { listWorktrees } from './worktree-list.js';
import { WorktreePaths } from './worktree-paths.js';

it('are those that listWorktrees tells, while worktrees come and go', async () => {
  const { git, folder } = await repositoryWith({ a: '1' });
  const paths = new WorktreePaths(git);
  const listed = async () => (await listWorktrees(git)).map(({ path }) => path).sort();
  const asked = async () => [...(await paths.list())].sort();
  expect(await asked()).toEqual(await listed());
  for (const name of ['one', 'two'])
    await git.run(['worktree', 'add', '--quiet', '--detach', join(folder, name)]);
  expect(await asked()).toEqual(await listed());
  await git.run(['worktree', 'remove', join(folder, 'one')]);
  await git.run(['worktree', 'add', '--quiet', '--detach', join(folder, 'three')]);
  expect(await asked()).toEqual(await listed());
});
