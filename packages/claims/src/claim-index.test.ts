import { ClaimIndex, relateClaims } from '@pwt/claims';
import { type Claim, unknownScopeClaim } from '@pwt/core';
import { FileTree } from '@pwt/scope';
import { describe, expect, it } from 'vitest';

function claim(pattern: string, change: Partial<Claim> = {}): Claim {
  return { pattern, mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'test', ...change };
}
const read = { mode: 'read' } as const;
const append = { class: 'append' } as const;

describe('relateClaims', () => {
  it.each([
    ['two writers of one path', claim('src/a'), claim('src/*'), 'conflict', 'overlap'],
    ['two readers', claim('src/a', read), claim('src/a', read), 'independent', undefined],
    ['a reader beside a writer', claim('src/a', read), claim('src/a'), 'possible', 'overlap'],
    ['two appenders', claim('LOG', append), claim('LOG', append), 'independent', undefined],
    ['a merely possible claim', claim('a', { confidence: 'possible' }), claim('a'), 'possible', 'overlap'],
    ['paths apart', claim('src/*.ts'), claim('src/*.js'), 'independent', undefined],
    ['a file where a directory is', claim('foo'), claim('foo/bar'), 'conflict', 'file-directory'],
    [
      'appending does not help there',
      claim('foo', append),
      claim('foo/bar', append),
      'conflict',
      'file-directory',
    ],
    ['a reader there', claim('foo', read), claim('foo/bar'), 'possible', 'file-directory'],
    ['names that differ in case', claim('README.md'), claim('readme.md'), 'possible', 'collision'],
    ['readers of those', claim('README.md', read), claim('readme.md', read), 'independent', undefined],
    ['unknown scope', unknownScopeClaim(), claim('x'), 'conflict', 'overlap'],
  ] as const)('%s', (_, a, b, verdict, kind) => {
    const forth = relateClaims([a], [b]);
    const back = relateClaims([b], [a]);
    expect([forth.verdict, forth.reasons[0]?.kind]).toEqual([verdict, kind]);
    expect([back.verdict, back.reasons[0]?.kind]).toEqual([verdict, kind]);
    expect(forth.reasons[0]?.witness).toBe(back.reasons[0]?.against);
  });

  it('lists conflicts first, with both claims', () => {
    const a = [claim('x', read), claim('y')];
    const b = [claim('x'), claim('y')];
    expect(relateClaims(a, b)).toEqual({
      verdict: 'conflict',
      reasons: [
        { mine: a[1], theirs: b[1], relation: 'conflict', kind: 'overlap', witness: 'y', against: 'y' },
        { mine: a[0], theirs: b[0], relation: 'possible', kind: 'overlap', witness: 'x', against: 'x' },
      ],
    });
  });

  it('subtracts within a task', () => {
    expect(relateClaims([claim('src/**'), claim('!src/gen/')], [claim('src/gen/x')]).verdict).toBe(
      'independent',
    );
    expect(relateClaims([claim('src/**')], [claim('src/**'), claim('!src/**')]).verdict).toBe('independent');
    expect(relateClaims([claim('src/**'), claim('!src/gen/')], [claim('src/x')]).verdict).toBe('conflict');
  });
});

describe('ClaimIndex', () => {
  it('finds who stands in the way, as claims come, grow and go', () => {
    const index = new ClaimIndex();
    index.add('1', [claim('src/a.ts'), claim('docs/', read)]);
    index.add('2', [claim('src/b.ts')]);
    const blockers = (pattern: string, except?: string) =>
      index.conflictsWith([claim(pattern)], except ? { except } : {}).map(({ taskId }) => taskId);
    expect(blockers('src/*.ts')).toEqual(['1', '2']);
    expect(blockers('src/*.ts', '1')).toEqual(['2']);
    index.add('2', [claim('lib/**')]);
    expect(blockers('lib/x')).toEqual(['2']);
    expect(index.remove('2')).toBe(true);
    expect(index.remove('2')).toBe(false);
    expect([blockers('lib/x'), blockers('src/b.ts'), index.taskIds]).toEqual([[], [], ['1']]);
    expect([...index.claimants('docs/x')].map(({ taskId }) => taskId)).toEqual(['1']);
  });

  it('adds all or nothing', () => {
    const index = new ClaimIndex();
    expect(() => index.add('1', [claim('a'), claim('/b')])).toThrow(
      expect.objectContaining({ code: 'PWT_PATTERN_ABSOLUTE' }),
    );
    expect([index.taskIds, index.conflictsWith([claim('**')])]).toEqual([[], []]);
  });

  it('reports each pair of claims once', () => {
    const index = new ClaimIndex();
    index.add('1', [claim('foo')]);
    expect(index.conflictsWith([claim('{foo,foo/bar,FOO}')])).toHaveLength(1);
  });

  it('calls hot only what keeps tasks apart', () => {
    const index = new ClaimIndex();
    for (const taskId of ['1', '2', '3']) {
      index.add(taskId, [claim('src/index.ts'), claim('CHANGELOG.md', append), claim('README.md', read)]);
    }
    index.add('1', [claim('own.ts'), claim('own.*')]);
    index.add('4', [claim('CHANGELOG.md'), claim('src/**', read)]);
    expect(index.hotFiles({ tree: FileTree.from(['src/x.ts']) }).map(({ path }) => path)).toEqual([
      'CHANGELOG.md',
      'src/index.ts',
    ]);
  });
});
