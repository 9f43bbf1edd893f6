import { FileTree } from '@pwt/scope';
import { describe, expect, it } from 'vitest';
import { namedFiles } from './named-files.js';

const spec = (text: string) => ({ path: 'specs/SPEC-1.md', hash: '', text });

describe('namedFiles', () => {
  it('finds files wherever they are named, with their lines', () => {
    const tree = FileTree.from(['src/a.ts', 'src/deep/b.ts', 'Makefile']);
    const text = 'See src/a.ts.\n\nA sentence about nothing. The end.\nLike `b.ts`, in [new](src/new.ts)';
    expect(namedFiles(spec(text), tree).map(({ path, place }) => [path, place.line])).toEqual([
      ['src/a.ts', 1],
      ['src/deep/b.ts', 4],
      ['src/new.ts', 4],
    ]);
  });

  it('finds files whose ending begins with any letter', () => {
    const tree = FileTree.from(['a/plan.übersicht', '表.表計算']);
    expect(namedFiles(spec('In plan.übersicht.\nOr `表.表計算`'), tree).map(({ path }) => path)).toEqual([
      'a/plan.übersicht',
      '表.表計算',
    ]);
  });
});
