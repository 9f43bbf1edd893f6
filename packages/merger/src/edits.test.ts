import type { FileEdit, IntegrateOutcome, IntegrateRequest, ReadFile } from '@pwt/core';
import { listFiles } from '@pwt/git';
import { describe, expect, it } from 'vitest';
import { expectUntouched } from '../test/landing.js';
import { type Files, repositoryWith, type TestRepository } from '../test/repository.js';

const subject = { kind: 'tasks', taskIds: ['1'] } as const;
const REQUEST = { runId: 'r1', subject, message: 'Merge task 1: a\n' };

const put =
  (...edits: FileEdit[]): NonNullable<IntegrateRequest['edit']> =>
  async () =>
    edits;

async function integrated(
  files: Files,
  edit: NonNullable<IntegrateRequest['edit']>,
): Promise<{ repository: TestRepository; outcome: IntegrateOutcome; commit: string; onto: string }> {
  const { repository, base } = await repositoryWith(files);
  const work = await repository.side(base, { 'work.txt': 'work\n' });
  const outcome = await expectUntouched(repository, () =>
    repository.merger.integrate({ ...REQUEST, onto: base, commit: work, edit }),
  );
  if (outcome.status !== 'merged') throw new Error(JSON.stringify(outcome));
  return { repository, outcome, commit: outcome.commit, onto: base };
}

async function modesOf({ git }: TestRepository, commit: string): Promise<Record<string, string>> {
  return Object.fromEntries((await listFiles(git, commit)).map(({ path, mode }) => [path, mode]));
}

describe('the changes beside a merge', () => {
  it('leave every other file, and make a tree that git takes for a good one', async () => {
    const files = { 'a/b.md': 'b\n', 'a/b/c.md': 'c\n', 'a.md': 'a\n', 'a-b.md': 'ab\n', 'ä/ö.md': 'ö\n' };
    const edit = put(
      { path: 'a/b/c.md', text: 'C\n' },
      { path: 'a/new/file', text: '' },
      { path: 'ä/ö.md', text: 'Ö' },
    );
    const { repository, commit, onto } = await integrated(files, edit);
    const { git } = repository;
    expect(await git.lines(['-c', 'core.quotePath=false', 'diff', '--name-status', onto, commit])).toEqual([
      'M\ta/b/c.md',
      'A\ta/new/file',
      'A\twork.txt',
      'M\tä/ö.md',
    ]);
    expect(await repository.show(commit, 'ä/ö.md')).toBe('Ö');
    await git.run(['fsck', '--strict', '--no-dangling']);
  });

  it('keep the mode of a file', async () => {
    const { repository, base } = await repositoryWith({ 'list.md': 'a\n' });
    await repository.git.run(['update-index', '--chmod=+x', 'list.md']);
    await repository.git.run(['commit', '--quiet', '-m', 'mode']);
    const onto = await repository.git.text(['rev-parse', 'HEAD']);
    await repository.git.run(['checkout', '--quiet', '--force', 'main']);
    const work = await repository.side(base, { 'work.txt': 'work\n' });
    const edit = put({ path: 'list.md', text: 'b\n' }, { path: 'new.md', text: 'n\n' });
    const outcome = await repository.merger.integrate({ ...REQUEST, onto, commit: work, edit });
    const commit = outcome.status === 'merged' ? outcome.commit : '';
    expect(await modesOf(repository, commit)).toMatchObject({ 'list.md': '100755', 'new.md': '100644' });
  });

  it('are refused where a link or no file is, and made elsewhere', async () => {
    const files = { real: 'r\n', link: { link: 'real' }, out: { link: '../out' }, 'folder/x': 'x\n' };
    const paths = ['link', 'out', 'out/file', 'folder', 'real/file'];
    const edit = put(...[...paths, 'folder/x'].map((path) => ({ path, text: 'changed\n' })));
    const { repository, outcome, commit } = await integrated(files, edit);
    expect(outcome).toMatchObject({
      refused: [
        { path: 'link', reason: 'link' },
        { path: 'out', reason: 'link' },
        { path: 'out/file', reason: 'link' },
        { path: 'folder', reason: 'not-a-file' },
        { path: 'real/file', reason: 'not-a-file' },
      ],
    });
    expect(await modesOf(repository, commit)).toMatchObject({ link: '120000', out: '120000' });
    expect(await repository.show(commit, 'real')).toBe('r\n');
    expect(await repository.show(commit, 'folder/x')).toBe('changed\n');
  });

  it('are said to be refused where a link was to be read', async () => {
    const read = async (file: ReadFile) => {
      expect(await file('link')).toBeUndefined();
      return [];
    };
    const { outcome } = await integrated({ real: 'r\n', link: { link: 'real' } }, read);
    expect(outcome).toMatchObject({ refused: [{ path: 'link', reason: 'link' }] });
  });

  it('are refused where the file system takes two names for one', async () => {
    const { repository, base } = await repositoryWith({ 'List.md': 'a\n' });
    await repository.git.run(['config', 'core.ignoreCase', 'true']);
    const work = await repository.side(base, { 'work.txt': 'work\n' });
    const edit = put({ path: 'list.md', text: 'b\n' }, { path: 'other.md', text: 'o\n' });
    const outcome = await repository.merger.integrate({ ...REQUEST, onto: base, commit: work, edit });
    expect(outcome).toMatchObject({ status: 'merged', refused: [{ path: 'list.md', reason: 'clashing' }] });
    const commit = outcome.status === 'merged' ? outcome.commit : '';
    expect(Object.keys(await modesOf(repository, commit))).toEqual(['List.md', 'other.md', 'work.txt']);
  });

  it('read no binary file and no other encoding', async () => {
    const { repository, base } = await repositoryWith({ 'text.md': 'a\n' });
    const bytes = async (input: Buffer) => repository.git.text(['hash-object', '-w', '--stdin'], { input });
    for (const [path, content] of [
      ['binary', Buffer.of(65, 0)],
      ['latin', Buffer.of(0xe4, 0x0a)],
    ] as const)
      await repository.git.run([
        'update-index',
        '--add',
        '--cacheinfo',
        `100644,${await bytes(content)},${path}`,
      ]);
    await repository.git.run(['commit', '--quiet', '-m', 'bytes']);
    const onto = await repository.git.text(['rev-parse', 'HEAD']);
    await repository.git.run(['checkout', '--quiet', '--force', 'main']);
    const work = await repository.side(base, { 'work.txt': 'work\n' });
    const seen: unknown[] = [];
    const edit = async (read: ReadFile) => {
      seen.push(await read('text.md'), await read('binary'), await read('latin'));
      return [];
    };
    await repository.merger.integrate({ ...REQUEST, onto, commit: work, edit });
    expect(seen).toEqual(['a\n', undefined, undefined]);
  });

  it('are made also where an interrupted call has kept the merge without them', async () => {
    const { repository, base } = await repositoryWith({ 'list.md': '[ ]\n' });
    const work = await repository.side(base, { 'work.txt': 'work\n' });
    const request = { ...REQUEST, onto: base, commit: work };
    await repository.merger.integrate(request);
    const marked = await repository.merger.integrate({
      ...request,
      edit: put({ path: 'list.md', text: '[x]\n' }),
    });
    if (marked.status !== 'merged') throw new Error(marked.status);
    expect(await repository.show(marked.commit, 'list.md')).toBe('[x]\n');
    // With them, it is found again.
    expect(
      await repository.merger.integrate({ ...request, edit: put({ path: 'list.md', text: '[x]\n' }) }),
    ).toEqual(marked);
  });

  it('count as changes of the commit', async () => {
    const { repository, commit, onto } = await integrated(
      { 'list.md': 'a\n' },
      put({ path: 'list.md', text: 'b\n' }),
    );
    const { merger } = repository;
    expect(await merger.changedPaths({ from: onto, to: commit })).toEqual(['list.md', 'work.txt']);
    expect(await merger.tree(commit)).toBe(await repository.git.text(['rev-parse', `${commit}^{tree}`]));
    expect(await merger.land({ runId: 'r1', target: 'main', from: onto, to: commit })).toMatchObject({
      status: 'landed',
    });
    expect(await repository.git.text(['status', '--porcelain'])).toBe('');
  });
});

describe('lists', () => {
  const list = (...done: number[]) =>
    [1, 2, 3, 4, 5].map((id) => `- [${done.includes(id) ? 'x' : ' '}] ${id}\n`).join('');

  it('are joined line by line, beside files that git merges', async () => {
    const { repository, base } = await repositoryWith({ 'list.md': list(), 'a.txt': '1\n2\n3\n4\n5\n' });
    const onto = await repository.side(base, { 'list.md': list(1, 3), 'a.txt': 'a\n2\n3\n4\n5\n' });
    const commit = await repository.side(base, { 'list.md': list(2, 3), 'a.txt': '1\n2\n3\n4\ne\n' });
    const request = { ...REQUEST, onto, commit };
    expect(await repository.merger.integrate(request)).toMatchObject({ status: 'conflicted' });
    const outcome = await repository.merger.integrate({ ...request, lists: ['list.md', 'other.md'] });
    if (outcome.status !== 'merged') throw new Error(outcome.status);
    expect(await repository.show(outcome.commit, 'list.md')).toBe(list(1, 2, 3));
    expect(await repository.show(outcome.commit, 'a.txt')).toBe('a\n2\n3\n4\ne\n');
  });

  it('leave the conflicts of other files', async () => {
    const { repository, base } = await repositoryWith({ 'list.md': list(), 'a.txt': '1\n' });
    const onto = await repository.side(base, { 'list.md': list(1), 'a.txt': 'a\n' });
    const commit = await repository.side(base, { 'list.md': list(2), 'a.txt': 'b\n' });
    expect(await repository.merger.integrate({ ...REQUEST, onto, commit, lists: ['list.md'] })).toEqual({
      status: 'conflicted',
      paths: [{ path: 'a.txt', kind: 'content' }],
    });
  });

  it('are in conflict where one side has deleted the file', async () => {
    const { repository, base } = await repositoryWith({ 'list.md': list() });
    const onto = await repository.side(base, { 'list.md': list(1) });
    const commit = await repository.side(base, { 'list.md': null });
    expect(await repository.merger.integrate({ ...REQUEST, onto, commit, lists: ['list.md'] })).toEqual({
      status: 'conflicted',
      paths: [{ path: 'list.md', kind: 'modify/delete' }],
    });
  });
});
