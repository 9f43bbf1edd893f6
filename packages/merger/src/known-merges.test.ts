import { changedFiles } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../test/repository.js';
import { KnownMerges } from './known-merges.js';

describe('KnownMerges', () => {
  it('answers what it was told, and asks git for everything else', async () => {
    const { repository, base } = await repositoryWith({ a: '1\n' });
    const { git } = repository;
    const onto = await repository.side(base, { a: '2\n' });
    const commit = await repository.side(base, { b: '1\n' });
    const merged = await repository.merged(onto, commit);
    const known = new KnownMerges();
    known.add({ commit: merged, parents: [onto, commit], changes: [] });
    // From memory: git would name `b`.
    expect(await known.changes(git, { from: onto, to: merged })).toEqual([]);
    for (const from of [base, commit]) {
      const asked = await changedFiles(git, { from, to: merged, renames: false });
      expect(await known.changes(git, { from, to: merged })).toEqual(asked);
    }
    expect(await known.contains(git, { ancestor: commit, descendant: merged })).toBe(true);
    expect(await known.contains(git, { ancestor: base, descendant: merged })).toBe(true);
    expect(await known.contains(git, { ancestor: merged, descendant: onto })).toBe(false);
    const other = await repository.side(base, { c: '1\n' });
    expect(await known.contains(git, { ancestor: other, descendant: merged })).toBe(false);
  });

  it('forgets the oldest', async () => {
    const { repository, base } = await repositoryWith({ a: '1\n' });
    const known = new KnownMerges();
    const commit = await repository.side(base, { a: '2\n' });
    known.add({ commit, parents: [base], changes: [] });
    for (let n = 0; n < 100; n++) known.add({ commit: `${n}`, parents: [], changes: [] });
    expect(await known.changes(repository.git, { from: base, to: commit })).toHaveLength(1);
  });
});
