import type { Claim, TaskClaims } from '@pwt/core';
import { FileTree, overlap, parsePatterns, ScopeIndex } from '@pwt/scope';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClaimNode } from './claim-node.js';
import { type ClaimedPath, ClaimTable } from './claim-table.js';
import { relateClaims } from './relate-claims.js';
import { conflictingAmong, type TaskClaim } from './task-claim.js';

const claim = (pattern: string, extra: Partial<Claim> = {}): Claim => ({
  ...{ pattern, mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'test' },
  ...extra,
});
const own = (taskId: string, ...patterns: readonly string[]): TaskClaims => ({
  ...{ taskId, claims: patterns.map((pattern) => claim(pattern)), unknownScope: false },
});
const read = { mode: 'read' } as const;
const append = { class: 'append' } as const;
const brief = (hot: readonly ClaimedPath[]) =>
  hot
    .map(({ path, files, claims }) => {
      const tasks = new Set([...claims].map(({ taskId }) => taskId));
      return `${path} ${files} ${[...tasks].sort()}`;
    })
    .sort();
const anyClaim: fc.Arbitrary<Claim> = fc.record({
  pattern: fc.constantFrom('a', 'A', 'a/b', 'a/*', '**', '{a,b}/c', 'b', '!a/b', 'b/', 'é', 'e\u0301'),
  mode: fc.constantFrom('read', 'write', 'create'),
  class: fc.constantFrom('exclusive', 'append'),
  confidence: fc.constantFrom('declared', 'possible'),
  rule: fc.constant('test'),
});

describe('ClaimTable', () => {
  it('finds the tasks with conflicting claims, as claims come, grow and go', () => {
    const table = new ClaimTable();
    table.add('1', [claim('src/a.ts'), claim('docs/', read)]);
    table.add('2', [claim('src/b.ts')]);
    const claims = (pattern: string, except?: string) =>
      table.conflictsWith([claim(pattern)], except ? { except } : {}).map(({ taskId }) => taskId);
    expect(claims('src/*.ts')).toEqual(['1', '2']);
    expect(claims('src/*.ts', '1')).toEqual(['2']);
    table.add('2', [claim('lib/**')]);
    expect(claims('lib/x')).toEqual(['2']);
    expect(table.remove('2')).toBe(true);
    expect(table.remove('2')).toBe(false);
    expect([claims('lib/x'), claims('src/b.ts'), table.taskIds]).toEqual([[], [], ['1']]);
    expect([...table.claimsAt('docs/x')].map(({ taskId }) => taskId)).toEqual(['1']);
  });

  it('adds all or nothing', () => {
    const table = new ClaimTable();
    expect(() => table.add('1', [claim('a'), claim('/b')])).toThrow(
      expect.objectContaining({ code: 'PWT_PATTERN_ABSOLUTE' }),
    );
    expect([table.taskIds, table.conflictsWith([claim('**')])]).toEqual([[], []]);
  });

  it('reports each pair of claims once', () => {
    const table = new ClaimTable();
    table.add('1', [claim('foo')]);
    expect(table.conflictsWith([claim('{foo,foo/bar,FOO}')])).toHaveLength(1);
  });

  it('calls hot only what keeps tasks apart', () => {
    const table = new ClaimTable();
    for (const taskId of ['1', '2', '3']) {
      table.add(taskId, [claim('src/index.ts'), claim('CHANGELOG.md', append), claim('README.md', read)]);
    }
    table.add('1', [claim('own.ts'), claim('own.*')]);
    table.add('4', [claim('CHANGELOG.md'), claim('src/**', read)]);
    expect(table.hotFiles({ tree: FileTree.from(['src/x.ts']) }).map(({ path }) => path)).toEqual([
      'CHANGELOG.md',
      'src/index.ts',
    ]);
  });

  it('makes one node of equal claims, of one task or of many', () => {
    const table = new ClaimTable();
    const [a] = table.nodesFor([claim('hot.ts', { place: { path: 'a.md', line: 1 } })]);
    const [b] = table.nodesFor([claim('hot.ts', { place: { path: 'b.md', line: 2 } })]);
    expect(b).toBe(a);
    expect(table.size).toBe(1);
    expect(a?.conflicts).toMatchObject([{ node: { id: 0 }, relation: 'conflict', witness: 'hot.ts' }]);
    const [append] = table.nodesFor([claim('hot.ts', { class: 'append' })]);
    expect(append?.conflicts.map(({ node }) => node)).toEqual([a]);
  });

  it('shows each of two nodes in conflict its own side', () => {
    const table = new ClaimTable();
    const [file] = table.nodesFor([claim('foo')]);
    const [below] = table.nodesFor([claim('foo/bar')]);
    const [other] = table.nodesFor([claim('FOO')]);
    expect(file?.conflicts.find(({ node }) => node === below)).toMatchObject({
      ...{ kind: 'file-directory', relation: 'conflict', witness: 'foo', against: 'foo/bar' },
    });
    expect(below?.conflicts.find(({ node }) => node === file)).toMatchObject({
      ...{ witness: 'foo/bar', against: 'foo' },
    });
    expect(other?.conflicts.find(({ node }) => node === file)).toMatchObject({
      ...{ kind: 'collision', relation: 'possible', witness: 'FOO', against: 'foo' },
    });
  });

  it('keeps claims with subtractions apart from those without', () => {
    const table = new ClaimTable();
    const [all] = table.nodesFor([claim('src/*')]);
    const [some] = table.nodesFor([claim('src/*'), claim('!src/a')]);
    const [a] = table.nodesFor([claim('src/a')]);
    expect(a?.conflicts.map(({ node }) => node).includes(all as ClaimNode)).toBe(true);
    expect(a?.conflicts.map(({ node }) => node).includes(some as ClaimNode)).toBe(false);
  });

  it('refuses a bad pattern and goes on', () => {
    const table = new ClaimTable();
    expect(() => table.nodesFor([claim('a'), claim('/b')])).toThrow(
      expect.objectContaining({ code: 'PWT_PATTERN_ABSOLUTE' }),
    );
    expect(table.nodesFor([claim('c')])).toMatchObject([{ id: 0 }]);
  });

  it('takes claims whose subtractions are too hard to tell as meeting, themselves included', () => {
    const table = new ClaimTable();
    const hard = Array.from({ length: 14 }, (_, at) => claim(`!**/*a${'?'.repeat(at + 1)}`));
    const claims = [claim('**/*a*'), ...hard, claim('!**/a'), claim('!**/*a')];
    expect(() =>
      overlap(
        claims.map(({ pattern }) => pattern),
        '**/*a*',
      ),
    ).toThrow(expect.objectContaining({ code: 'PWT_PATTERN_TOO_COMPLEX' }));
    const [node] = table.nodesFor(claims);
    expect(node?.conflicts).toMatchObject([{ node: { id: 0 }, relation: 'conflict', kind: 'overlap' }]);
  });

  it('answers what conflicts with claims without keeping them', () => {
    const table = new ClaimTable();
    const [all, log] = table.nodesFor([claim('src/**'), claim('log', { class: 'append' })]);
    expect([...table.nodesAgainst([claim('src/a'), claim('log', { class: 'append' })])]).toEqual([all]);
    expect([...table.nodesAgainst([claim('src/**'), claim('log')])]).toEqual([all, log]);
    expect([...table.nodesAgainst([claim('src/a', { confidence: 'possible' }), claim('SRC')])]).toEqual([]);
    expect(table.size).toBe(2);
  });

  it('forgets with a task whatever no other task has', () => {
    const table = ClaimTable.of([own('1', 'src/*', 'x'), own('2', 'src/a', 'x')]);
    const [a] = table.nodesOf('2');
    expect(a?.conflicts).toHaveLength(2);
    table.remove('1');
    expect(table.size).toBe(2);
    expect(a?.conflicts.map(({ node }) => node)).toEqual([a]);
    expect(table.conflictsOf('2')).toEqual([]);
    table.add('3', [claim('src/a')]);
    expect(table.conflictsOf('3').map(({ taskId, theirs }) => [taskId, theirs.pattern])).toEqual([
      ['2', 'src/a'],
    ]);
  });

  it('knows the same conflicts as pairs compared one by one, in whatever order claims come and go', () => {
    const anyStep = fc.record({
      taskId: fc.constantFrom('1', '2', '3', '4', '5'),
      claims: fc.array(anyClaim, { minLength: 1, maxLength: 3 }),
      kind: fc.constantFrom('put', 'put', 'put', 'remove'),
    });
    const pairOf = ({
      relation,
      kind,
      witness,
      against,
      mine,
      theirs,
    }: ReturnType<ClaimTable['conflictsOf']>[0]) =>
      JSON.stringify({ relation, kind, witness, against, mine, theirs });
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 12 }), (steps) => {
        const table = new ClaimTable();
        const claims = new Map<string, readonly Claim[]>();
        for (const { kind, taskId, claims: own } of steps) {
          table.remove(taskId);
          claims.delete(taskId);
          if (kind === 'remove') continue;
          table.add(taskId, own);
          claims.set(taskId, own);
        }
        expect(table.taskIds).toEqual([...claims.keys()]);
        for (const [taskId, own] of claims) {
          for (const [other, theirs] of claims) {
            if (other === taskId) continue;
            const expected = relateClaims(own, theirs).reasons.map((reason) =>
              pairOf({ ...reason, taskId: other }),
            );
            const against = (conflicts: ReturnType<ClaimTable['conflictsOf']>) =>
              conflicts
                .filter((conflict) => conflict.taskId === other)
                .map(pairOf)
                .sort();
            expect(against(table.conflictsOf(taskId))).toEqual([...expected].sort());
            expect(against(table.conflictsWith(own, { except: taskId }))).toEqual([...expected].sort());
          }
        }
      }),
      { seed: 20261126, numRuns: 500 },
    );
  });

  it('gives claims of hot files as plain values, the same ones for each path', () => {
    const hot = ClaimTable.of([own('1', 'a', 'b', 'x/*'), own('2', 'a', 'b', 'x/*')]).hotFiles();
    expect(JSON.parse(JSON.stringify(hot.map(({ claims }) => [...claims])))).toEqual(
      ['a', 'b'].map((path) => ['1', '2'].map((taskId) => ({ taskId, claim: claim(path) }))),
    );
    const globs = ClaimTable.of([own('1', 'x/*'), own('2', 'x/*'), own('3', 'x/a')]);
    const [a, b] = globs.hotFiles({ tree: FileTree.from(['x/a', 'x/b']) });
    expect([...(b?.claims ?? [])].every((held) => a?.claims.has(held))).toBe(true);
  });

  it('has no hot file where all who name it subtract it, or are left out', () => {
    const claims = [own('1', '**'), own('2', '*'), own('3', 'a', '!a')];
    expect(ClaimTable.of(claims).hotFiles()).toEqual([]);
    expect(ClaimTable.of([...claims, own('4', 'a')]).hotFiles({ except: new Set(['4']) })).toEqual([]);
  });

  it('finds the same hot files as an index', () => {
    const anyClaim: fc.Arbitrary<Claim> = fc.record({
      pattern: fc.constantFrom('a', 'b', 'a/b', 'a/*', '*', '**', '{a,b}/c', 'b/c', '!a', '!a/b', '!*', 'b/'),
      mode: fc.constantFrom('read', 'write', 'write', 'create'),
      class: fc.constantFrom('exclusive', 'exclusive', 'append'),
      confidence: fc.constantFrom('declared', 'declared', 'possible'),
      rule: fc.constant('test'),
    });
    const anyTasks = fc.array(fc.array(anyClaim, { maxLength: 4 }), { maxLength: 7 });
    fc.assert(
      fc.property(anyTasks, fc.subarray(['a', 'a/b', 'b/c', 'b/d']), (tasks, paths) => {
        const claims = tasks.map(
          (own, at): TaskClaims => ({ ...{ taskId: String(at), claims: own }, unknownScope: false }),
        );
        const index = new ScopeIndex<TaskClaim>();
        for (const { taskId, claims: list } of claims) {
          const subtractions = list.filter(({ pattern }) => pattern.startsWith('!'));
          for (const one of list) {
            if (one.pattern.startsWith('!')) continue;
            const patterns = [one, ...subtractions].map(({ pattern }) => pattern);
            index.add(parsePatterns(patterns), { taskId, claim: one });
          }
        }
        const table = ClaimTable.of(claims);
        for (const options of [{}, { tree: FileTree.from(paths) }]) {
          const expected = index
            .commonPaths(options)
            .filter(({ owners }) => conflictingAmong(owners).length > 0)
            .map(({ owners, ...path }) => ({ ...path, claims: owners }));
          expect(brief(table.hotFiles(options))).toEqual(brief(expected));
        }
      }),
      { seed: 20261126, numRuns: 1000 },
    );
  });
});
