import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryWith, TestRepository, temporaryFolder } from '../test/repository.js';

/** Integrates one side commit that edits `edit` and adds `new/file`, and lands it on the checkout. */
async function landOne(repository: TestRepository, from: string): Promise<string> {
  const commit = await repository.side(from, { edit: '2\n', 'new/file': 'n\n' });
  const to = await repository.merged(from, commit);
  expect(await repository.land(from, to)).toEqual({ status: 'landed' });
  return to;
}

describe('kinds of repositories', () => {
  it('SHA-256 objects', async () => {
    const repository = new TestRepository(temporaryFolder());
    await repository.git.run(['init', '--quiet', '--initial-branch=main', '--object-format=sha256']);
    const from = await repository.commit({ edit: '1\n', '.gitattributes': '* text\n' });
    expect(await landOne(repository, from)).toMatch(/^[0-9a-f]{64}$/);
    expect(await repository.git.text(['status', '--porcelain'])).toBe('');
  });

  it('a split index', async () => {
    const { repository, base } = await repositoryWith({ edit: '1\n' });
    await repository.git.run(['update-index', '--split-index']);
    await landOne(repository, base);
    expect(await repository.git.text(['status', '--porcelain'])).toBe('');
  });

  it('a sparse checkout: what is left out stays out, and a file of the user in its place stays', async () => {
    const { repository, base } = await repositoryWith({ 'in/a': 'a\n', 'out/b': 'b\n' });
    const commit = await repository.side(base, { 'in/a': 'A\n', 'out/b': 'B\n', 'out/c': 'c\n' });
    const to = await repository.merged(base, commit);
    await repository.git.run(['sparse-checkout', 'set', 'in']);
    repository.write({ 'out/c': 'mine\n' });
    expect(await repository.land(base, to)).toMatchObject({ status: 'refused', paths: ['out/c'] });
    repository.write({ out: null });
    expect(await repository.land(base, to)).toEqual({ status: 'landed' });
    expect(readFileSync(join(repository.path, 'in/a'), 'utf8')).toBe('A\n');
    expect(existsSync(join(repository.path, 'out'))).toBe(false);
    expect(await repository.git.text(['status', '--porcelain'])).toBe('');
  });

  it('line endings that checkout converts: a clean file is not dirty, an edited one is', async () => {
    const { repository, base } = await repositoryWith({
      '.gitattributes': '*.txt eol=crlf\n',
      'f.txt': '1\n2\n',
    });
    await repository.git.run(['checkout', '--quiet', '--force', '--', '.']);
    const commit = await repository.side(base, { 'f.txt': '1\n2\n3\n' });
    const to = await repository.merged(base, commit);
    repository.write({ 'f.txt': '1\r\n2\r\nmine\r\n' });
    expect(await repository.land(base, to)).toMatchObject({ status: 'refused', reason: 'dirty' });
    repository.write({ 'f.txt': '1\r\n2\r\n' });
    expect(await repository.land(base, to)).toEqual({ status: 'landed' });
    expect(readFileSync(join(repository.path, 'f.txt'), 'utf8')).toBe('1\r\n2\r\n3\r\n');
  });

  it('a submodule whose pointer moves: the pointer lands, the files in it stay', async () => {
    const { repository, base: inner } = await repositoryWith({ x: 'x\n' });
    const { repository: outer } = await repositoryWith({ a: 'a\n' });
    const { git } = outer;
    await git.run([
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      repository.path,
      'sub',
    ]);
    const from = await outer.commit({}, 'submodule');
    const later = await repository.commit({ x: 'later\n' });
    const tree = await git.text(['rev-parse', `${from}^{tree}`]);
    const entries = await git.text(['ls-tree', tree]);
    const moved = await git.text(['mktree', '--missing'], { input: `${entries.replace(inner, later)}\n` });
    const commit = await git.text(['commit-tree', moved, '-p', from, '-m', 'pointer']);
    const to = await outer.merged(from, commit);
    outer.write({ 'sub/mine': 'untracked in it\n' });
    expect(await outer.land(from, to)).toMatchObject({ status: 'refused', reason: 'dirty', paths: ['sub'] });
    expect(readFileSync(join(outer.path, 'sub/mine'), 'utf8')).toBe('untracked in it\n');
    outer.write({ 'sub/mine': null });
    expect(await outer.land(from, to)).toEqual({ status: 'landed' });
    expect(await git.text(['rev-parse', 'HEAD:sub'])).toBe(later);
    expect(readFileSync(join(outer.path, 'sub/x'), 'utf8')).toBe('x\n');
  });
});
