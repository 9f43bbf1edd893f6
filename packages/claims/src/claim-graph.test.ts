import type { Claim } from '@pwt/core';
import { overlap } from '@pwt/scope';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClaimGraph, type ClaimNode } from './claim-graph.js';
import { ClaimIndex } from './claim-index.js';

const claim = (pattern: string, extra: Partial<Claim> = {}): Claim => ({
  ...{ pattern, mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'test' },
  ...extra,
});

describe('ClaimGraph', () => {
  it('makes one node of equal claims, whoever has them', () => {
    const graph = new ClaimGraph();
    const [a] = graph.nodesOf([claim('hot.ts', { place: { path: 'a.md', line: 1 } })]);
    const [b] = graph.nodesOf([claim('hot.ts', { place: { path: 'b.md', line: 2 } })]);
    expect(b).toBe(a);
    expect(graph.size).toBe(1);
    expect(a?.rivals).toMatchObject([{ node: { id: 0 }, relation: 'conflict', witness: 'hot.ts' }]);
    const [append] = graph.nodesOf([claim('hot.ts', { class: 'append' })]);
    expect(append?.rivals.map(({ node }) => node)).toEqual([a]);
  });

  it('shows each of two rivals its own side', () => {
    const graph = new ClaimGraph();
    const [file] = graph.nodesOf([claim('foo')]);
    const [below] = graph.nodesOf([claim('foo/bar')]);
    const [other] = graph.nodesOf([claim('FOO')]);
    expect(file?.rivals.find(({ node }) => node === below)).toMatchObject({
      ...{ kind: 'file-directory', relation: 'conflict', witness: 'foo', against: 'foo/bar' },
    });
    expect(below?.rivals.find(({ node }) => node === file)).toMatchObject({
      ...{ witness: 'foo/bar', against: 'foo' },
    });
    expect(other?.rivals.find(({ node }) => node === file)).toMatchObject({
      ...{ kind: 'collision', relation: 'possible', witness: 'FOO', against: 'foo' },
    });
  });

  it('keeps claims with subtractions apart from those without', () => {
    const graph = new ClaimGraph();
    const [all] = graph.nodesOf([claim('src/*')]);
    const [some] = graph.nodesOf([claim('src/*'), claim('!src/a')]);
    const [a] = graph.nodesOf([claim('src/a')]);
    expect(a?.rivals.map(({ node }) => node).includes(all as ClaimNode)).toBe(true);
    expect(a?.rivals.map(({ node }) => node).includes(some as ClaimNode)).toBe(false);
  });

  it('refuses a bad pattern and goes on', () => {
    const graph = new ClaimGraph();
    expect(() => graph.nodesOf([claim('a'), claim('/b')])).toThrow(
      expect.objectContaining({ code: 'PWT_PATTERN_ABSOLUTE' }),
    );
    expect(graph.nodesOf([claim('c')])).toMatchObject([{ id: 0 }]);
  });

  it('takes claims whose subtractions are too hard to tell as meeting, themselves included', () => {
    const graph = new ClaimGraph();
    const hard = Array.from({ length: 14 }, (_, at) => claim(`!**/*a${'?'.repeat(at + 1)}`));
    const claims = [claim('**/*a*'), ...hard, claim('!**/a'), claim('!**/*a')];
    expect(() =>
      overlap(
        claims.map(({ pattern }) => pattern),
        '**/*a*',
      ),
    ).toThrow(expect.objectContaining({ code: 'PWT_PATTERN_TOO_COMPLEX' }));
    const [node] = graph.nodesOf(claims);
    expect(node?.rivals).toMatchObject([{ node: { id: 0 }, relation: 'conflict', kind: 'overlap' }]);
  });

  it('answers what conflicts with claims without keeping them', () => {
    const graph = new ClaimGraph();
    const [all, log] = graph.nodesOf([claim('src/**'), claim('log', { class: 'append' })]);
    expect([...graph.opponentsOf([claim('src/a'), claim('log', { class: 'append' })])]).toEqual([all]);
    expect([...graph.opponentsOf([claim('src/**'), claim('log')])]).toEqual([all, log]);
    expect([...graph.opponentsOf([claim('src/a', { confidence: 'possible' }), claim('SRC')])]).toEqual([]);
    expect(graph.size).toBe(2);
  });

  it('knows the same rivals as an index, in whatever order claims come', () => {
    const anyClaim = fc.record({
      pattern: fc.constantFrom('a', 'A', 'a/b', 'a/*', '**', '{a,b}/c', 'b', '!a/b', 'b/', 'é', 'e\u0301'),
      mode: fc.constantFrom('read', 'write', 'create'),
      class: fc.constantFrom('exclusive', 'append'),
      confidence: fc.constantFrom('declared', 'possible'),
      rule: fc.constant('test'),
    });
    const anyTasks = fc.array(fc.array(anyClaim, { minLength: 1, maxLength: 3 }), { maxLength: 8 });
    fc.assert(
      fc.property(anyTasks, (tasks: readonly (readonly Claim[])[]) => {
        const graph = new ClaimGraph();
        const index = new ClaimIndex();
        for (const [at, claims] of tasks.entries()) index.add(String(at), claims);
        const nodes = tasks.map((claims) => graph.nodesOf(claims));
        for (const [at, claims] of tasks.entries()) {
          const expected = index
            .conflictsWith(claims, { except: String(at) })
            .map(({ taskId, relation, kind, witness }) => [taskId, relation, kind, witness].join(' '));
          const found = (nodes[at] ?? []).flatMap(({ rivals }) =>
            rivals.flatMap(({ node, relation, kind, witness }) =>
              nodes.flatMap((others, other) =>
                other !== at && others.includes(node)
                  ? [[String(other), relation, kind, witness].join(' ')]
                  : [],
              ),
            ),
          );
          expect(new Set(found)).toEqual(new Set(expected));
        }
      }),
      { seed: 20261126, numRuns: 500 },
    );
  });
});
