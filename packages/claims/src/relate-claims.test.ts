import { relateClaims, relateClaimsTo } from '@pwt/claims';
import { type Claim, unknownScopeClaim } from '@pwt/core';
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
  ] as const)('%s', (_, a, b, relation, kind) => {
    const forth = relateClaims([a], [b]);
    const back = relateClaims([b], [a]);
    expect([forth.relation, forth.reasons[0]?.kind]).toEqual([relation, kind]);
    expect([back.relation, back.reasons[0]?.kind]).toEqual([relation, kind]);
    expect(forth.reasons[0]?.witness).toBe(back.reasons[0]?.against);
  });

  it('lists conflicts first, with both claims', () => {
    const a = [claim('x', read), claim('y')];
    const b = [claim('x'), claim('y')];
    expect(relateClaims(a, b)).toEqual({
      relation: 'conflict',
      reasons: [
        { mine: a[1], theirs: b[1], relation: 'conflict', kind: 'overlap', witness: 'y', against: 'y' },
        { mine: a[0], theirs: b[0], relation: 'possible', kind: 'overlap', witness: 'x', against: 'x' },
      ],
    });
  });

  it('subtracts within a task', () => {
    expect(relateClaims([claim('src/**'), claim('!src/gen/')], [claim('src/gen/x')]).relation).toBe(
      'independent',
    );
    expect(relateClaims([claim('src/**')], [claim('src/**'), claim('!src/**')]).relation).toBe('independent');
    expect(relateClaims([claim('src/**'), claim('!src/gen/')], [claim('src/x')]).relation).toBe('conflict');
  });

  it('is the same for many first tasks', () => {
    const relation = relateClaimsTo([claim('src/*')]);
    expect([relation([claim('src/a')]), relation([claim('lib/a')])].map(({ relation }) => relation)).toEqual([
      'conflict',
      'independent',
    ]);
  });
});
