import { chmodSync, lstatSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectLanded, expectRefused, landingOf } from '../landing.js';
import { repositoryWith, type TestRepository } from '../repository.js';
import { join as joinSides, text as textOf } from './joins.js';

const text = textOf();

/** A commit on top of another whose tree has some entries set as they are: `mode,id`. */
async function withEntries(
  { git, path }: TestRepository,
  start: string,
  entries: Readonly<Record<string, string>>,
): Promise<string> {
  const env = { GIT_INDEX_FILE: join(dirname(path), 'index-of-test') };
  await git.run(['read-tree', start], { env });
  for (const [name, entry] of Object.entries(entries))
    await git.run(['update-index', '--add', '--replace', '--cacheinfo', `${entry},${name}`], { env });
  const tree = await git.text(['write-tree'], { env });
  return git.text(['commit-tree', tree, '-p', start, '-m', 'entries']);
}

describe('joining kinds of files', () => {
  const conflicts: Record<string, [start: object, ours: object, theirs: object]> = {
    'a link here, an edit of the file there': [{ f: '1\n' }, { f: { link: 'x' } }, { f: '2\n' }],
    'a link here, another link there': [{ f: '1\n' }, { f: { link: 'x' } }, { f: { link: 'y' } }],
    'a folder here, an edit of the file there': [{ f: '1\n' }, { f: null, 'f/in': 'in\n' }, { f: '2\n' }],
    'a folder here, a file there': [{ x: '' }, { 'd/e': 'inside\n' }, { d: 'file\n' }],
    'a link to a folder here, a new file in the folder there': [
      { 'd/a': '1\n' },
      { 'd/a': null, d: { link: 'e' } },
      { 'd/b': '2\n' },
    ],
  };
  for (const [name, [start, ours, theirs]] of Object.entries(conflicts)) {
    it(`is a conflict: ${name}`, async () => {
      // The folder of the link has to go first.
      const { repository, base } = await repositoryWith(start as never);
      const onto = await repository.side(base, ours as never);
      const commit = await repository.side(base, theirs as never);
      expect((await joinSides(repository, onto, commit)).status).toBe('conflicted');
      expect((await joinSides(repository, commit, onto)).status).toBe('conflicted');
    });
  }

  it('takes a mode from one side and the content from the other', async () => {
    const { repository, base } = await repositoryWith({ run: text });
    const blob = await repository.git.text(['rev-parse', `${base}:run`]);
    const onto = await withEntries(repository, base, { run: `100755,${blob}` });
    const commit = await repository.side(base, { run: `${text}more\n` });
    const outcome = await joinSides(repository, onto, commit);
    if (outcome.status !== 'merged') throw new Error(outcome.status);
    expect(await repository.git.text(['ls-tree', outcome.commit, 'run'])).toMatch(/^100755 /);
    expect(await repository.show(outcome.commit, 'run')).toBe(`${text}more\n`);
  });

  it('knows two pointers of a submodule that differ from a file, and from one another', async () => {
    const { repository, base: start } = await repositoryWith({ a: 'a\n' });
    const [one, two] = ['1', '2'].map((digit) => digit.repeat(40));
    const base = await withEntries(repository, start, { sub: `160000,${start}` });
    const sides = [
      await withEntries(repository, base, { sub: `160000,${one}` }),
      await withEntries(repository, base, { sub: `160000,${two}` }),
      await withEntries(repository, base, {
        sub: `100644,${await repository.git.text(['rev-parse', `${start}:a`])}`,
      }),
    ];
    for (const [onto, commit] of [
      [sides[0], sides[1]],
      [sides[0], sides[2]],
      [sides[2], sides[1]],
    ] as const) {
      expect((await joinSides(repository, onto ?? '', commit ?? '')).status).toBe('conflicted');
    }
    const other = await withEntries(repository, base, {
      b: `100644,${await repository.git.text(['rev-parse', `${start}:a`])}`,
    });
    const outcome = await joinSides(repository, sides[0] ?? '', other);
    if (outcome.status !== 'merged') throw new Error(outcome.status);
    expect(await repository.git.text(['ls-tree', outcome.commit, 'sub'])).toContain(`160000 commit ${one}`);
  });
});

describe('landing kinds of files', () => {
  it('replaces a tracked link to a folder by a folder, and writes nothing behind the link', async () => {
    const landing = await landingOf(
      { d: { link: '../outside' }, x: 'x\n' },
      { d: null },
      { 'd/file': 'new\n' },
    );
    const outside = join(dirname(landing.repository.path), 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'file'), 'theirs\n');
    await expectLanded(landing);
    expect(lstatSync(join(landing.repository.path, 'd')).isDirectory()).toBe(true);
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('theirs\n');
  });

  it('replaces a folder by a link, and refuses while the folder has something of the user in it', async () => {
    const landing = await landingOf(
      { 'd/file': 'f\n', '.gitignore': '*.env\n' },
      { 'd/file': null },
      { d: { link: 'x' } },
    );
    landing.repository.write({ 'd/my.env': 'mine\n' });
    await expectRefused(landing, { reason: 'ignored', paths: ['d/my.env'] });
    landing.repository.write({ 'd/my.env': null });
    await expectLanded(landing);
    expect(readlinkSync(join(landing.repository.path, 'd'))).toBe('x');
  });

  it('refuses to write through a link of the user to a folder', async () => {
    const landing = await landingOf({ a: 'a\n' }, { 'new/file': 'new\n' });
    mkdirSync(join(dirname(landing.repository.path), 'outside'));
    landing.repository.write({ new: { link: '../outside' } });
    await expectRefused(landing, { reason: 'untracked', paths: ['new'] });
  });

  it('changes a mode alone', async () => {
    const { repository, base } = await repositoryWith({ run: text, other: 'o\n' });
    const blob = await repository.git.text(['rev-parse', `${base}:run`]);
    const to = await repository.merged(base, await withEntries(repository, base, { run: `100755,${blob}` }));
    chmodSync(join(repository.path, 'run'), 0o755);
    await expectRefused(
      { repository, from: base, to: await edited(repository, to) },
      { reason: 'dirty', paths: ['run'] },
    );
    chmodSync(join(repository.path, 'run'), 0o644);
    await expectLanded({ repository, from: base, to });
    expect(lstatSync(join(repository.path, 'run')).mode & 0o111).not.toBe(0);
  });

  it('sees no mode where core.fileMode is off: one of the user is in no way, and none is lost elsewhere', async () => {
    const landing = await landingOf({ run: text, other: 'o\n' }, { run: `${text}more\n` });
    const { repository } = landing;
    await repository.git.run(['config', 'core.fileMode', 'false']);
    for (const name of ['run', 'other']) chmodSync(join(repository.path, name), 0o755);
    await expectLanded(landing);
    expect(await repository.git.text(['ls-files', '--stage', 'run'])).toMatch(/^100644 /);
    expect(lstatSync(join(repository.path, 'other')).mode & 0o111).not.toBe(0);
  });
});

/** A commit on top that changes the content, too: then the file is no longer as an interrupted landing would leave it. */
async function edited(repository: TestRepository, start: string): Promise<string> {
  const blob = await repository.git.text(['hash-object', '-w', '--stdin'], { input: 'other\n' });
  return withEntries(repository, start, { run: `100755,${blob}` });
}
