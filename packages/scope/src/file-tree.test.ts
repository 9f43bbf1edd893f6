import { describe, expect, it } from 'vitest';
import { namesOver, pathsOver } from '../test/universe.js';
import { expand, FileTree, matches } from './index.js';

const tree = FileTree.from(['src/b.ts', 'src/a.ts', 'README.md', 'src/api/a.ts', 'src.ts', 'src/a.ts']);

describe('FileTree', () => {
  it('sorts and drops duplicates', () => {
    expect(tree.paths).toEqual(['README.md', 'src.ts', 'src/a.ts', 'src/api/a.ts', 'src/b.ts']);
    expect(FileTree.from(['a', 'b']).size).toBe(2);
  });

  it('knows files and directories', () => {
    expect([tree.has('src/a.ts'), tree.has('src'), tree.has('zzz')]).toEqual([true, false, false]);
    expect([tree.hasDirectory('src'), tree.hasDirectory('src/a.ts'), tree.hasDirectory('z')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('finds by name and by ending', () => {
    expect(tree.named('a.ts')).toEqual(['src/a.ts', 'src/api/a.ts']);
    expect(tree.endingWith('api/a.ts')).toEqual(['src/api/a.ts']);
    expect(tree.endingWith('pi/a.ts')).toEqual([]);
    expect(tree.endingWith('src/a.ts')).toEqual(['src/a.ts']);
  });
});

describe('expand', () => {
  it('equals matching every path', () => {
    const universe = FileTree.from([...pathsOver(namesOver('ab.', 2), 3), '🎉/a', '\uffee/a']);
    const names = ['a', '*', '**', 'a*', '*b', '{a,b}', '[!a]', 'ab', '?'];
    for (const x of names) {
      for (const y of names) {
        for (const pattern of [`${x}/${y}`, `a/${x}/${y}`, `${x}/ab`]) {
          const expected = universe.paths.filter((path) => matches(pattern, path));
          expect([pattern, expand(pattern, universe)]).toEqual([pattern, expected]);
        }
      }
    }
  });

  it('subtracts', () => {
    expect(expand(['src/**', '!**/a.ts'], tree)).toEqual(['src/b.ts']);
  });
});
