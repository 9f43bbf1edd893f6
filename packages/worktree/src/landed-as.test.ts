import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LandedAs } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';

/** A task with one commit, and that commit squashed onto a target that has moved meanwhile. */
async function squashed() {
  const { repository, base } = await repositoryWith({ a: 'a\n', b: 'b\n' });
  const workspace = await repository.create('20', base);
  const inTask = repository.git.at(workspace.path);
  const commitFile = async (path: string, content: string) => {
    writeFileSync(join(workspace.path, path), content);
    await inTask.run(['add', '--all']);
    await inTask.run(['commit', '--quiet', '-m', 'agent']);
    return inTask.text(['rev-parse', 'HEAD']);
  };
  const commit = await commitFile('b', 'B\n');
  /** A commit with one parent and some files, as a squash makes it. */
  const commitOn = async (parent: string, files: Readonly<Record<string, string>>) => {
    const env = { GIT_INDEX_FILE: join(repository.path, '.git/own-index') };
    await repository.git.run(['read-tree', parent], { env });
    for (const [path, content] of Object.entries(files)) {
      const blob = await repository.git.text(['hash-object', '-w', '--stdin'], { input: content });
      await repository.git.run(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], { env });
    }
    const tree = await repository.git.text(['write-tree'], { env });
    return repository.git.text(['commit-tree', tree, '-p', parent, '-m', 'squashed']);
  };
  const moved = await commitOn(base, { a: 'A\n' });
  const as = await commitOn(moved, { b: 'B\n' });
  const remove = (landedAs: LandedAs = { commit, as }, containedIn = as) =>
    repository.provider.remove({ workspace, containedIn, landedAs });
  return { repository, workspace, base, moved, commit, as, commitOn, commitFile, remove };
}

describe('work that landed as another commit', () => {
  it('is removed with its branch, by id and content, and leaves no snapshot', async () => {
    const { repository, workspace, remove } = await squashed();
    expect(await remove()).toEqual({ status: 'removed' });
    expect(existsSync(workspace.path)).toBe(false);
    expect(await repository.branches()).not.toContain(workspace.branch);
  });

  it('counts when later commits are on the target', async () => {
    const { remove, commit, as, commitOn } = await squashed();
    expect(await remove({ commit, as }, await commitOn(as, { b: 'changed again\n' }))).toEqual({
      status: 'removed',
    });
  });

  it('is kept when something was added to the branch after it landed', async () => {
    const { workspace, remove, commitFile } = await squashed();
    await commitFile('c', 'more\n');
    expect(await remove()).toMatchObject({ status: 'kept', reason: 'unmerged' });
    expect(existsSync(join(workspace.path, 'c'))).toBe(true);
  });

  it('is kept when the target does not contain the commit, or the commit not the work', async () => {
    const { remove, commit, as, moved, base, commitOn } = await squashed();
    const half = await commitOn(moved, { b: 'half of it\n' });
    const reverting = await commitOn(moved, { b: 'B\n', a: 'a\n' });
    for (const [pair, target] of [
      [{ commit, as }, moved],
      [{ commit, as: half }, half],
      [{ commit, as: reverting }, reverting],
      // The branch equals the target: nothing of it has landed there.
      [{ commit, as: base }, base],
      [{ commit, as: '0'.repeat(40) }, as],
      [{ commit: moved, as }, as],
    ] as const)
      expect(await remove(pair, target)).toMatchObject({ status: 'kept', reason: 'unmerged' });
  });

  it('counts with what marks its task as done beside it, and only where that is known', async () => {
    const { remove, commit, moved, commitOn } = await squashed();
    const beside = await commitOn(moved, { b: 'B\n', list: '- [x] 20\n' });
    const within = await commitOn(moved, { b: 'B\ndone\n' });
    for (const landedAs of [
      { commit, as: beside },
      { commit, as: within },
      { commit, as: within, marked: ['list'] },
    ])
      expect(await remove(landedAs, landedAs.as)).toMatchObject({ reason: 'unmerged' });
    const gone = await commitOn(moved, { list: '- [x] 20\n' });
    expect(await remove({ commit, as: gone, marked: ['b'] }, gone)).toMatchObject({ reason: 'unmerged' });
    expect(await remove({ commit, as: beside, marked: [] }, beside)).toEqual({ status: 'removed' });
  });

  it('counts where the mark is in a file of the work', async () => {
    const { remove, commit, moved, commitOn } = await squashed();
    const within = await commitOn(moved, { b: 'B\ndone\n' });
    expect(await remove({ commit, as: within, marked: ['b'] }, within)).toEqual({ status: 'removed' });
  });
});
