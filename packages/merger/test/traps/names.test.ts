import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectLanded, expectRefused, landingOf } from '../landing.js';
import { repositoryWith } from '../repository.js';
import { filesOf, joinOf, join as joinSides } from './joins.js';

const ODD = {
  tab: 'tab\there',
  'line break': 'new\nline',
  quotes: '"quoted" \'twice\'',
  'leading dash': '-dash',
  'leading colon, as of a magic pathspec': ':(top)x',
  'pattern characters': '[a]*?.txt',
  'trailing dot and space': 'trailing. ',
  backslash: 'back\\slash',
  'as long as it gets': `${'x'.repeat(255)}`,
  'as deep as it gets': `${'d'.repeat(200)}/${'e'.repeat(200)}/${'f'.repeat(200)}/g`,
  composed: '\u00e9',
  decomposed: 'e\u0301',
} as const;

describe('files with odd names', () => {
  it('land, each as it is called', async () => {
    const files = Object.fromEntries(Object.entries(ODD).map(([what, name]) => [name, `${what}\n`]));
    const edited = Object.fromEntries(Object.keys(files).map((name) => [name, `edited\n`]));
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const added = await repository.side(base, files);
    const first = await repository.merged(base, added);
    await expectLanded({ repository, from: base, to: first });
    for (const [name, content] of Object.entries(files))
      expect(readFileSync(join(repository.path, name), 'utf8'), name).toBe(content);
    const second = await repository.merged(first, await repository.side(added, edited));
    await expectLanded({ repository, from: first, to: second });
    expect(await repository.git.text(['status', '--porcelain'])).toBe('');
  });

  it('of the user are not overwritten', async () => {
    const names = Object.values(ODD);
    const landing = await landingOf(
      { a: 'a\n' },
      Object.fromEntries(names.map((name) => [name, 'theirs\n'])),
    );
    landing.repository.write(Object.fromEntries(names.map((name) => [name, 'mine\n'])));
    await expectRefused(landing, { reason: 'untracked', paths: [...names].sort() });
  });
});

describe('names that are one name elsewhere', () => {
  it('are two files here: in case, and in the way an accent is written', async () => {
    for (const [one, other] of [
      ['Read.me', 'read.me'],
      ['\u00e9', 'e\u0301'],
    ] as const) {
      const joined = await joinOf({ x: 'x\n' }, { [one]: '1\n' }, { [other]: '2\n' });
      expect(await filesOf(joined)).toEqual({ x: 'x\n', [one]: '1\n', [other]: '2\n' });
    }
  });

  it('are a conflict where the file system ignores case, and only there where the second one is new', async () => {
    for (const [one, other] of [
      ['Read.me', 'read.me'],
      ['\u00e9', 'e\u0301'],
    ] as const) {
      const { repository, base } = await repositoryWith({ x: 'x\n' });
      const onto = await repository.side(base, { [one]: '1\n' });
      const commit = await repository.side(base, { [other]: '2\n' });
      const moved = await repository.side(onto, { [one]: null, [other]: '1\n' });
      const apart = await repository.side(base, { new: 'n\n' });
      await repository.git.run(['config', 'core.ignoreCase', 'true']);
      const kind = 'one name on this file system';
      const paths = [one, other].sort().map((path) => ({ path, kind }));
      expect(await joinSides(repository, onto, commit)).toEqual({ status: 'conflicted', paths });
      for (const fine of [moved, apart])
        expect((await joinSides(repository, onto, fine)).status).toBe('merged');
    }
  });

  it('a file that is renamed in case alone follows', async () => {
    const landing = await landingOf({ 'Read.me': 'r\n' }, { 'Read.me': null, 'read.me': 'r\n' });
    await expectLanded(landing);
    expect(await landing.repository.git.text(['ls-files'])).toBe('read.me');
  });
});

describe('names that git never checks out', () => {
  const names = ['.git', '.GIT', '.gi\u200ct', 'git~1', '.git. ', '.git::$INDEX_ALLOCATION', '..', '.'];
  it.each(names)('do not come in: %j', async (name) => {
    const { repository, base } = await repositoryWith({ a: 'a\n' });
    const { git } = repository;
    const blob = await git.text(['rev-parse', `${base}:a`]);
    const inner = await git.text(['mktree'], { input: `100644 blob ${blob}\tconfig\n` });
    const entries = await git.text(['ls-tree', base]);
    const tree = await git.text(['mktree'], { input: `${entries}\n040000 tree ${inner}\t${name}\n` });
    const commit = await git.text(['commit-tree', tree, '-p', base, '-m', 'made by hand']);
    const paths = [{ path: `${name}/config`, kind: 'invalid path' }];
    expect(await joinSides(repository, base, commit)).toEqual({ status: 'conflicted', paths });
    const subject = { kind: 'tasks', taskIds: ['1'] } as const;
    const request = { runId: 'r1', subject, onto: base, commit, over: base, message: 'join' };
    expect(await repository.merger.replay(request)).toEqual({ status: 'conflicted', paths });
    expect(await git.text(['for-each-ref', 'refs/pwt'])).toBe('');
  });

  it('are only whole names: others that begin so do come in', async () => {
    const joined = await joinOf(
      { a: 'a\n' },
      { b: 'b\n' },
      { '.gitignore': 'x\n', '.github/x': 'x\n', '...': 'dots\n' },
    );
    expect(joined.outcome.status).toBe('merged');
  });
});
