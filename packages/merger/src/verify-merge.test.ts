import { mergeBases, verifyMerge } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { repositoryWith, type TestRepository } from '../test/repository.js';

/** A base and two sides that merge cleanly. */
async function history() {
  const { repository, base } = await repositoryWith({ a: 'a\n', b: 'b\n', c: 'c\n' });
  const onto = await repository.side(base, { a: 'A\n' });
  const commit = await repository.side(base, { b: 'B\n', d: 'D\n' });
  return { repository, base, onto, commit };
}

async function treeWith(repository: TestRepository, start: string, files: Record<string, string | null>) {
  return `${await repository.side(start, files)}^{tree}`;
}

describe('verifyMerge', () => {
  it('accepts the real merge', async () => {
    const { repository, base, onto, commit } = await history();
    const tree = await treeWith(repository, onto, { b: 'B\n', d: 'D\n' });
    await verifyMerge(repository.git, { onto, commit, bases: [base], tree });
  });

  const unsound: Record<string, [files: Record<string, string | null>, paths: string[]]> = {
    'takes back what onto has': [{ a: 'a\n', b: 'B\n', d: 'D\n' }, ['a']],
    'loses an edit of the commit': [{ d: 'D\n' }, ['b']],
    'loses a new file of the commit': [{ b: 'B\n' }, ['d']],
    'changes what neither side has changed': [{ b: 'B\n', d: 'D\n', c: '?\n' }, ['c']],
    'adds what neither side has added': [{ b: 'B\n', d: 'D\n', e: '?\n' }, ['e']],
    'carries other content than the commit': [{ b: 'B?\n', d: 'D\n' }, ['b']],
    'deletes what neither side has deleted': [{ b: 'B\n', d: 'D\n', c: null }, ['c']],
  };
  for (const [name, [files, paths]] of Object.entries(unsound)) {
    it(`refuses a tree that ${name}`, async () => {
      const { repository, base, onto, commit } = await history();
      const tree = await treeWith(repository, onto, files);
      await expect(verifyMerge(repository.git, { onto, commit, bases: [base], tree })).rejects.toMatchObject({
        code: 'PWT_MERGE_UNSOUND',
        data: { paths },
      });
    });
  }

  it('refuses a merge on a wrong base, which takes back what has landed in between', async () => {
    const { repository, base } = await repositoryWith({ a: '1\n', b: '1\n' });
    const landed = await repository.side(base, { a: '2\n' });
    const commit = await repository.side(base, { b: '2\n' });
    // As if `landed` were the common ancestor: `commit` then seems to change `a` back.
    const { mergeTree } = await import('@pwt/git');
    const wrong = await mergeTree(repository.git, { ours: landed, theirs: commit, base: landed });
    expect(wrong.status).toBe('clean');
    const bases = await mergeBases(repository.git, landed, commit);
    await expect(
      verifyMerge(repository.git, { onto: landed, commit, bases, tree: wrong.tree }),
    ).rejects.toMatchObject({ data: { paths: ['a'] } });
  });

  it('accepts the new content of a file that one side has renamed and the other edited', async () => {
    const text = Array.from({ length: 20 }, (_, n) => `line ${n}\n`).join('');
    const { repository, base } = await repositoryWith({ old: text, x: 'x\n' });
    const onto = await repository.side(base, { old: null, new: text });
    const commit = await repository.side(base, { old: `${text}more\n` });
    const tree = await treeWith(repository, onto, { new: `${text}more\n` });
    await verifyMerge(repository.git, { onto, commit, bases: [base], tree });
    const wrong = await treeWith(repository, onto, { new: `${text}more\n`, x: 'y\n' });
    await expect(
      verifyMerge(repository.git, { onto, commit, bases: [base], tree: wrong }),
    ).rejects.toMatchObject({ data: { paths: ['x'] } });
  });
});
