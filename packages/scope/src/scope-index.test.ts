import { describe, expect, it } from 'vitest';
import { random } from '../test/universe.js';
import { foldPath } from './fold.js';
import { collision, FileTree, matches, overlap, ScopeIndex } from './index.js';

const NAMES = ['a', 'b', 'A', '*', '**', 'a*', '{a,b}', 'x.ts', '*.ts'];

function randomPattern(below: (count: number) => number): string {
  return Array.from({ length: 1 + below(3) }, () => NAMES[below(NAMES.length)]).join('/');
}

describe('ScopeIndex', () => {
  it('answers as asking every pattern would, while claims come and go', () => {
    const below = random(7);
    const index = new ScopeIndex<number>();
    const held: { pattern: string | string[]; owner: number }[] = [];
    const wrong: unknown[] = [];
    for (let step = 0; step < 600; step++) {
      if (held.length > 60 || (held.length > 0 && below(3) === 0)) {
        const [gone] = held.splice(below(held.length), 1);
        if (gone) expect(index.remove(gone.pattern, gone.owner)).toBe(true);
      } else {
        const text = randomPattern(below);
        const pattern = below(5) === 0 ? [text, `!${randomPattern(below)}`] : text;
        held.push({ pattern, owner: step });
        index.add(pattern, step);
      }
      const query = randomPattern(below);
      const owners = (rows: readonly { owners: ReadonlySet<number> }[]) =>
        rows.flatMap((row) => [...row.owners]).sort((x, y) => x - y);
      const naive = (keep: (pattern: string | string[]) => unknown) =>
        held
          .filter(({ pattern }) => keep(pattern))
          .map(({ owner }) => owner)
          .sort((x, y) => x - y);
      const rows = index.overlapping(query);
      for (const { pattern, witness } of rows) {
        const shortest = overlap(query, pattern)?.witness.length;
        if (!matches(query, witness) || !matches(pattern, witness) || witness.length !== shortest) {
          wrong.push([query, pattern, witness]);
        }
      }
      expect(owners(rows)).toEqual(naive((pattern) => overlap(query, pattern)));
      expect([...index.ownersAt('a/b')].sort((x, y) => x - y)).toEqual(
        naive((pattern) => matches(pattern, 'a/b')),
      );
      if (step % 10 === 0) {
        const collisions = index.collisions(query);
        expect(collisions.filter((row) => row.owners.size === 0)).toEqual([]);
        const found = owners(collisions);
        const all = naive((pattern) => collision(query, pattern));
        const samePath = naive((pattern) => {
          const pair = collision(query, pattern);
          return pair && foldPath(pair.a) === foldPath(pair.b);
        });
        expect(all).toEqual(expect.arrayContaining(found));
        expect(found).toEqual(expect.arrayContaining(samePath));
      }
    }
    expect(wrong).toEqual([]);
    for (const { pattern, owner } of held) index.remove(pattern, owner);
    expect([index.size, index.overlapping('**').length, index.commonPaths()]).toEqual([0, 0, []]);
  });

  it('keeps claims of one pattern in one row', () => {
    const index = new ScopeIndex<number>();
    for (let owner = 0; owner < 1000; owner++) index.add('src/index.ts', owner);
    const rows = index.overlapping('src/*');
    expect([index.size, rows.length, rows[0]?.owners.size]).toEqual([1, 1, 1000]);
    expect(rows[0]).toMatchObject({ pattern: 'src/index.ts', witness: 'src/index.ts' });
  });

  it('tells whether there was something to remove', () => {
    const index = new ScopeIndex<string>();
    index.add('a', 'x');
    expect([index.remove('a', 'y'), index.remove('b', 'x'), index.remove('a', 'x'), index.size]).toEqual([
      false,
      false,
      true,
      0,
    ]);
  });

  it('reports a file against a directory where both are spelled out', () => {
    const index = new ScopeIndex<string>();
    for (const pattern of ['foo', 'foo/bar/x', 'foo/**/y', '*', '**/z', 'foobar/x'])
      index.add(pattern, pattern);
    const conflicts = (query: string) =>
      index.directoryConflicts(query).map(({ pattern, witness, against }) => [pattern, witness, against]);
    expect(conflicts('foo')).toEqual([
      ['foo/**/y', 'foo', 'foo/y'],
      ['foo/bar/x', 'foo', 'foo/bar/x'],
    ]);
    expect(conflicts('foo/new')).toEqual([['foo', 'foo/new', 'foo']]);
    expect(conflicts('foo/**')).toEqual([['foo', 'foo/a', 'foo']]);
    expect(conflicts('other')).toEqual([]);
    expect(conflicts('*/x')).toEqual([]);
  });

  it('ranks hot files as resources', () => {
    const index = new ScopeIndex<string>();
    for (const [owner, pattern] of [
      ['1', 'src/index.ts'],
      ['2', 'src/index.ts'],
      ['3', 'src/**'],
      ['4', 'lib/*'],
      ['5', 'lib/**'],
      ['5', 'new.ts'],
      ['6', 'new.ts'],
    ] as const) {
      index.add(pattern, owner);
    }
    const shown = (tree?: FileTree) =>
      index
        .commonPaths(tree ? { tree } : {})
        .map(({ path, files, owners }) => [path, files, [...owners].sort().join('')]);
    expect(shown()).toEqual([
      ['src/index.ts', 1, '123'],
      ['new.ts', 1, '56'],
    ]);
    expect(shown(FileTree.from(['lib/a', 'lib/b', 'lib/c/d', 'src/index.ts', 'src/x']))).toEqual([
      ['src/index.ts', 1, '123'],
      ['lib/a', 2, '45'],
      ['new.ts', 1, '56'],
    ]);
    expect(index.commonPaths({ minOwners: 3 })).toHaveLength(1);
  });

  it('takes a subtraction that is too hard for none', () => {
    const index = new ScopeIndex<string>();
    index.add(['**', `!**/*a${'?'.repeat(40)}`], 'x');
    expect(index.overlapping(`**/*a${'?'.repeat(40)}`)).toHaveLength(1);
  });
});
