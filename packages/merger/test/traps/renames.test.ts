import { describe, expect, it } from 'vitest';
import { repositoryWith } from '../repository.js';
import { filesOf, join, joinOf, text } from './joins.js';

describe('renames that git can not join by itself', () => {
  const conflicts: Record<string, [start: object, ours: object, theirs: object]> = {
    'one file, two new names': [{ a: text() }, { a: null, b: text() }, { a: null, c: text() }],
    'two files, one new name': [
      { a: text(), b: text({}, 'other') },
      { a: null, c: text() },
      { b: null, c: text({}, 'other') },
    ],
    'renamed here, deleted there': [{ a: text() }, { a: null, b: text() }, { a: null }],
    'renamed here, another file of that name there': [{ a: text() }, { a: null, b: text() }, { b: 'mine\n' }],
    'the names of two files swapped here, one edited there': [
      { a: text(), b: text({}, 'other') },
      { a: text({}, 'other'), b: text() },
      { a: text({ 3: 'edited' }) },
    ],
    'a folder renamed here, a new file in it there': [
      { 'src/a': text(), 'src/b': text({}, 'other') },
      { 'src/a': null, 'src/b': null, 'lib/a': text(), 'lib/b': text({}, 'other') },
      { 'src/new': 'new\n' },
    ],
    'a folder renamed to two names': [
      { 'src/a': text(), 'src/b': text({}, 'other') },
      { 'src/a': null, 'src/b': null, 'lib/a': text(), 'lib/b': text({}, 'other') },
      { 'src/a': null, 'src/b': null, 'app/a': text(), 'app/b': text({}, 'other') },
    ],
  };
  for (const [name, [start, ours, theirs]] of Object.entries(conflicts)) {
    it(`are a conflict, whichever comes first: ${name}`, async () => {
      const { repository, onto, commit, outcome } = await joinOf(
        start as never,
        ours as never,
        theirs as never,
      );
      expect(outcome.status).toBe('conflicted');
      if (outcome.status === 'conflicted') expect(outcome.paths.length).toBeGreaterThan(0);
      expect((await join(repository, commit, onto)).status).toBe('conflicted');
      expect(await repository.git.text(['for-each-ref', 'refs/pwt'])).toBe('');
    });
  }
});

describe('a file that git itself drops', () => {
  it('is not lost: the name that it was moved to was renamed away on both sides', async () => {
    const [one, two] = [text(), text({}, 'other')];
    const { repository, base } = await repositoryWith({ 'b/x': one, 'c/y': two });
    const onto = await repository.side(base, { 'c/y': null, 'b/x': two, 'c/q': one });
    const commit = await repository.side(base, { 'b/x': null, 'c/q': one });
    const outcome = await join(repository, onto, commit).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'PWT_MERGE_UNSOUND', data: { paths: ['b/x'] } });
      return undefined;
    });
    // A later git may join it, or call it a conflict.
    const files = outcome === undefined ? undefined : await filesOf({ repository, onto, commit, outcome });
    expect(Object.values(files ?? { two })).toContain(two);
  });
});

describe('renames that can be joined', () => {
  it('two swapped names and an edit elsewhere: both files keep their content', async () => {
    const [one, two] = [text(), text({}, 'other')];
    const joined = await joinOf({ a: one, b: two, c: 'c\n' }, { a: two, b: one }, { c: 'C\n' });
    expect(await filesOf(joined)).toEqual({ a: two, b: one, c: 'C\n' });
  });

  it('one rename made by both, edited by each', async () => {
    const joined = await joinOf(
      { a: text() },
      { a: null, b: text({ 2: 'ours' }) },
      { a: null, b: text({ 15: 'theirs' }) },
    );
    expect(await filesOf(joined)).toEqual({ b: text({ 2: 'ours', 15: 'theirs' }) });
  });

  it('a folder renamed here, an edit in it there', async () => {
    const joined = await joinOf(
      { 'src/a': text(), 'src/b': text({}, 'other') },
      { 'src/a': null, 'src/b': null, 'lib/a': text(), 'lib/b': text({}, 'other') },
      { 'src/a': text({ 4: 'edited' }) },
    );
    expect(await filesOf(joined)).toEqual({ 'lib/a': text({ 4: 'edited' }), 'lib/b': text({}, 'other') });
  });

  it('more renames than the limit that the user has set', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const { repository, base } = await repositoryWith(
      Object.fromEntries(names.map((name) => [name, text({}, name)])),
    );
    for (const key of ['merge.renameLimit', 'diff.renameLimit'])
      await repository.git.run(['config', key, '1']);
    const renamed = names.flatMap((name) => [
      [name, null],
      [`new/${name}`, text({ 0: 'renamed' }, name)],
    ]);
    const onto = await repository.side(base, Object.fromEntries(renamed));
    const edits = names.map((name) => [name, text({ 9: 'edited' }, name)]);
    const commit = await repository.side(base, Object.fromEntries(edits));
    const outcome = await join(repository, onto, commit);
    expect(await filesOf({ repository, onto, commit, outcome })).toEqual(
      Object.fromEntries(names.map((name) => [`new/${name}`, text({ 0: 'renamed', 9: 'edited' }, name)])),
    );
  });
});
