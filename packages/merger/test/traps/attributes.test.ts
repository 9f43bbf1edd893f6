import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectLanded, expectRefused, landingOf } from '../landing.js';
import { repositoryWith } from '../repository.js';
import { filesOf, joinOf, join as joinSides } from './joins.js';

const LOG = { log: 'one\n' };

describe('joining under attributes', () => {
  it('a union driver takes the lines of both, and never drops one that is there', async () => {
    const joined = await joinOf(
      { '.gitattributes': 'log merge=union\n', ...LOG },
      { log: 'one\ntwo\n' },
      { log: 'one\nthree\n' },
    );
    expect((await filesOf(joined))?.log?.split('\n').sort()).toEqual(['', 'one', 'three', 'two']);
  });

  it('those of the tip count: what only the work brings along decides the next join', async () => {
    const { repository, base } = await repositoryWith(LOG);
    const onto = await repository.side(base, { log: 'one\ntwo\n' });
    const commit = await repository.side(base, {
      '.gitattributes': 'log merge=union\n',
      log: 'one\nthree\n',
    });
    expect((await joinSides(repository, onto, commit)).status).toBe('conflicted');
    const attributes = await repository.side(onto, { '.gitattributes': 'log merge=union\n' });
    expect((await joinSides(repository, attributes, commit)).status).toBe('merged');
  });

  it('`-merge` keeps two edits of a file apart, and `binary` too', async () => {
    for (const attribute of ['-merge', 'binary']) {
      const { outcome } = await joinOf(
        { '.gitattributes': `f ${attribute}\n`, f: 'a\nb\nc\nd\ne\n' },
        { f: 'A\nb\nc\nd\ne\n' },
        { f: 'a\nb\nc\nd\nE\n' },
      );
      expect(outcome).toMatchObject({ status: 'conflicted', paths: [{ path: 'f' }] });
    }
  });

  it('line endings are content: two ways to write one line are a conflict', async () => {
    const { outcome } = await joinOf({ f: 'a\nb\n' }, { f: 'a\r\nb\r\n' }, { f: 'a\nB\n' });
    expect(outcome.status).toBe('conflicted');
  });

  it('a missing last line break is content, on one side and on both', async () => {
    const one = await joinOf({ f: 'a\nb\nc\nd\n' }, { f: 'a\nb\nc\nd' }, { f: 'A\nb\nc\nd\n' });
    expect(await filesOf(one)).toEqual({ f: 'A\nb\nc\nd' });
    const both = await joinOf({ f: 'a\n' }, { f: 'a\nb' }, { f: 'a\nc' });
    expect(both.outcome.status).toBe('conflicted');
  });

  it('pointers to large files are joined as text: two of them are a conflict', async () => {
    const pointer = (digit: string) =>
      `version https://git-lfs.github.com/spec/v1\noid sha256:${digit.repeat(64)}\nsize 1\n`;
    const attributes = { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' };
    const start = { ...attributes, 'a.bin': pointer('1') };
    const { outcome } = await joinOf(start, { 'a.bin': pointer('2') }, { 'a.bin': pointer('3') });
    expect(outcome).toMatchObject({ status: 'conflicted', paths: [{ path: 'a.bin' }] });
  });
});

describe('a merge driver that goes wrong', () => {
  async function withDriver(driver: string) {
    const { repository, base } = await repositoryWith({ '.gitattributes': 'f merge=mine\n', f: '1\n' });
    await repository.git.run(['config', 'merge.mine.driver', driver]);
    const onto = await repository.side(base, { f: '2\n' });
    return { repository, onto, commit: await repository.side(base, { f: '3\n' }) };
  }

  const conflicts = ['exit 1', 'exit 129', 'exit 200', 'kill -9 $$', 'kill -TERM $$'];
  it.each(conflicts)('by its exit is a conflict: %s', async (driver) => {
    const { repository, onto, commit } = await withDriver(driver);
    expect((await joinSides(repository, onto, commit)).status).toBe('conflicted');
  });

  const failures = ['no-such-driver', 'rm %A; exit 0', 'kill -9 $PPID'];
  it.each(failures)('so that git can not go on is an error: %s', async (driver) => {
    const { repository, onto, commit } = await withDriver(driver);
    await expect(joinSides(repository, onto, commit)).rejects.toMatchObject({ code: 'PWT_GIT_FAILED' });
    expect(await repository.git.text(['for-each-ref', 'refs/pwt'])).toBe('');
  });

  it('in what it writes can not be seen, but in no other file', async () => {
    const { repository, onto, commit } = await withDriver('echo other > %A; echo more >> x; exit 0');
    const outcome = await joinSides(repository, onto, commit);
    const joined = { repository, onto, commit, outcome };
    expect(await filesOf(joined)).toEqual({ '.gitattributes': 'f merge=mine\n', f: 'other\n' });
  });
});

it('garbage collection by a merge driver deletes nothing: where it runs there are no refs', async () => {
  const { repository, base } = await repositoryWith({ '.gitattributes': 'f merge=mine\n', f: '1\n' });
  await repository.git.run(['config', 'merge.mine.driver', 'git gc --prune=now; git prune --expire=now']);
  const onto = await repository.side(base, { f: '2\n' });
  const commit = await repository.side(base, { f: '3\n' });
  for (const [index, id] of [onto, commit].entries())
    await repository.git.run(['branch', `keep-${index}`, id]);
  await joinSides(repository, onto, commit);
  await repository.git.run(['fsck', '--no-dangling', '--no-progress']);
});

describe('landing under attributes', () => {
  it('that the work itself brings: what it changes is written by them, and nothing else', async () => {
    const landing = await landingOf(
      { 'f.txt': 'a\nb\n', 'g.txt': 'a\n' },
      { '.gitattributes': '*.txt eol=crlf\n', 'f.txt': 'a\nB\n' },
    );
    await expectLanded(landing);
    expect(readFileSync(join(landing.repository.path, 'g.txt'), 'utf8')).toBe('a\n');
    expect(await landing.repository.git.text(['diff', '--stat', 'HEAD'])).toBe('');
  });

  it('with a filter: the content is what the filter makes of it, and an edit of the user is seen', async () => {
    const landing = await landingOf({ 'a.bin': 'v1\n', other: 'o\n' }, { 'a.bin': 'v2\n' });
    const { git, commonDir, path } = landing.repository;
    writeFileSync(join(commonDir, 'info/attributes'), '*.bin filter=large\n');
    await git.run(['config', 'filter.large.clean', "sed 's/^large //'"]);
    await git.run(['config', 'filter.large.smudge', "sed 's/^/large /'"]);
    await git.run(['config', 'filter.large.required', 'true']);
    landing.repository.write({ 'a.bin': 'large mine\n' });
    await expectRefused(landing, { reason: 'dirty', paths: ['a.bin'] });
    landing.repository.write({ 'a.bin': null });
    await git.run(['checkout', '--quiet', '--', 'a.bin']);
    expect(readFileSync(join(path, 'a.bin'), 'utf8')).toBe('large v1\n');
    await expectLanded(landing);
    expect(readFileSync(join(path, 'a.bin'), 'utf8')).toBe('large v2\n');
  });

  it('with another encoding in the checkout', async () => {
    const landing = await landingOf(
      { '.gitattributes': '*.utf16 working-tree-encoding=UTF-16LE\n', 'f.utf16': 'a\n' },
      { other: 'o\n' },
    );
    const { repository, from } = landing;
    expect(readFileSync(join(repository.path, 'f.utf16')).length).toBeGreaterThan(0);
    const commit = await repository.side(from, {
      'f.utf16': Buffer.from('b\n', 'utf16le').toString('latin1'),
    });
    await repository.git.run(['checkout', '--quiet', '--force', '--', '.']);
    await expectLanded({ repository, from, to: await repository.merged(from, commit) });
    expect(readFileSync(join(repository.path, 'f.utf16'), 'utf16le')).toBe('b\n');
  });
});
