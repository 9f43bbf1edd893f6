import type { Claim, TaskClaims } from '@pwt/core';
import type { HotFile } from '@pwt/scope';
import { FileTree } from '@pwt/scope';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClaimIndex } from './claim-index.js';
import { ClaimTable } from './claim-table.js';
import type { HeldClaim } from './held-claim.js';

const claim = (pattern: string, extra: Partial<Claim> = {}): Claim => ({
  ...{ pattern, mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'test' },
  ...extra,
});
const own = (taskId: string, ...patterns: readonly string[]): TaskClaims => ({
  ...{ taskId, claims: patterns.map((pattern) => claim(pattern)), unknownScope: false },
});
const brief = (hot: readonly HotFile<HeldClaim>[]) =>
  hot
    .map(({ path, files, claimants }) => {
      const tasks = new Set([...claimants].map(({ taskId }) => taskId));
      return `${path} ${files} ${[...tasks].sort()}`;
    })
    .sort();

describe('ClaimTable', () => {
  it('is the same one for the same list', () => {
    const claims = [own('1', 'a')];
    expect(ClaimTable.of(claims)).toBe(ClaimTable.of(claims));
    expect(ClaimTable.of([...claims])).not.toBe(ClaimTable.of(claims));
  });

  it('gives claimants of hot files as plain values, the same ones for each path', () => {
    const hot = ClaimTable.of([own('1', 'a', 'b', 'x/*'), own('2', 'a', 'b', 'x/*')]).hotFiles();
    expect(JSON.parse(JSON.stringify(hot.map(({ claimants }) => [...claimants])))).toEqual(
      ['a', 'b'].map((path) => ['1', '2'].map((taskId) => ({ taskId, claim: claim(path) }))),
    );
    const globs = ClaimTable.of([own('1', 'x/*'), own('2', 'x/*'), own('3', 'x/a')]);
    const [a, b] = globs.hotFiles({ tree: FileTree.from(['x/a', 'x/b']) });
    expect([...(b?.claimants ?? [])].every((held) => a?.claimants.has(held))).toBe(true);
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
        const index = new ClaimIndex();
        for (const { taskId, claims: own } of claims) index.add(taskId, own);
        const table = ClaimTable.of(claims);
        for (const options of [{}, { tree: FileTree.from(paths) }]) {
          expect(brief(table.hotFiles(options))).toEqual(brief(index.hotFiles(options)));
        }
      }),
      { seed: 20261126, numRuns: 1000 },
    );
  });
});
