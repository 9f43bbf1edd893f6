import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';
import { changedFiles } from './diff.js';
import { mergeBaseTree } from './merge-base-tree.js';

describe('mergeBaseTree', () => {
  it('is the merge base, either commit included', async () => {
    const { git, ...repository } = await forked();
    const { start, ours, theirs } = repository;
    expect(await mergeBaseTree(git, ours, theirs)).toBe(start);
    expect(await mergeBaseTree(git, start, ours)).toBe(start);
    expect(await mergeBaseTree(git, ours, start)).toBe(start);
    expect(await mergeBaseTree(git, ours, ours)).toBe(ours);
  });

  it('is nothing for unrelated histories', async () => {
    const { git, ours } = await forked();
    const orphan = await git.text(['commit-tree', `${ours}^{tree}`, '-m', 'orphan']);
    expect(await mergeBaseTree(git, ours, orphan)).toBeNull();
  });

  it('joins the bases of a criss-cross, so that taking one side back is a change', async () => {
    const { git, ours, theirs } = await forked();
    const cross = async (name: string, first: string, second: string) => {
      await git.run(['switch', '--quiet', '--create', name, first]);
      await git.run(['merge', '--quiet', '--no-edit', second]);
      return git.text(['rev-parse', 'HEAD']);
    };
    const left = await cross('left', ours, theirs);
    await cross('right', theirs, ours);
    // As it was before `ours`: no difference from one of the two merge bases, but from what both make.
    await git.run(['checkout', '--quiet', `${theirs}`, '--', 'a']);
    await git.run(['commit', '--quiet', '-m', 'back']);
    const right = await git.text(['rev-parse', 'HEAD']);
    const base = (await mergeBaseTree(git, left, right)) ?? '';
    expect(await mergeBaseTree(git, left, right)).toBe(base);
    expect((await changedFiles(git, { from: base, to: right })).map(({ path }) => path)).toEqual(['a']);
    expect(await changedFiles(git, { from: base, to: left })).toEqual([]);
  });
});

async function forked() {
  const repository = await repositoryWith({ a: '1\n', b: '1\n' });
  const { git } = repository;
  const start = await git.text(['rev-parse', 'HEAD']);
  const ours = await repository.branch('ours', start, { a: '2\n' });
  const theirs = await repository.branch('theirs', start, { b: '2\n' });
  return { git, start, ours, theirs };
}
