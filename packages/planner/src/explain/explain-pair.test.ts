import type { Task } from '@pwt/core';
import { separateSpecs } from '@pwt/separator';
import { describe, expect, it } from 'vitest';
import { dependencyPath } from './dependency-path.js';
import { explainPair, type PairExplanation } from './explain-pair.js';

const tree = ['src/a.ts', 'src/api/handler.py', 'src/api/router.py', 'src/b.ts', 'test/a.ts'];

/** Specs 1 and 2 with these texts. */
async function explain(first: string, second: string): Promise<PairExplanation> {
  const texts = [first, second];
  const specs = texts.map((text, at) => ({ path: `specs/SPEC-${at + 1}-x.md`, text: `# Task\n\n${text}\n` }));
  const { tasks, claims } = separateSpecs(specs, { tree });
  return explainPair({ tasks, claims, tree: { paths: tree } }, ['1', '2']);
}

describe('explainPair', () => {
  it('shows a conflict with a witness and what both specs say', async () => {
    const found = await explain('**Files**: `src/*/handler.py`', '**Files**: `src/api/*.py`');
    expect(found.relation).toBe('conflict');
    expect(found.conflicts).toMatchObject([
      {
        witness: 'src/api/handler.py',
        claims: [
          {
            taskId: '1',
            text: '**Files**: `src/*/handler.py`',
            claim: { place: { path: 'specs/SPEC-1-x.md', line: 3 } },
          },
          {
            taskId: '2',
            text: '**Files**: `src/api/*.py`',
            claim: { place: { path: 'specs/SPEC-2-x.md', line: 3 } },
          },
        ],
      },
    ]);
    expect(found.probability).toBeGreaterThan(0.3);
    expect(found.reasons.length).toBeGreaterThan(0);
  });

  it('calls a reader beside a writer possible', async () => {
    const found = await explain('---', '**File**: `src/a.ts`');
    expect(found.relation).toBe('conflict');
    const reads = '---\nreads: [src/a.ts]\nfiles: [src/b.ts]\n---\n';
    const { tasks, claims } = separateSpecs(
      [
        { path: 'specs/SPEC-1-x.md', text: reads },
        { path: 'specs/SPEC-2-x.md', text: '**File**: `src/a.ts`' },
      ],
      { tree },
    );
    expect(await explainPair({ tasks, claims, tree: { paths: tree } }, ['1', '2'])).toMatchObject({
      relation: 'possible',
      conflicts: [
        { relation: 'possible', claims: [{ claim: { mode: 'read' } }, { claim: { mode: 'write' } }] },
      ],
    });
  });

  it('shows how near independent tasks come, and what they share in peace', async () => {
    const near = await explain(
      '**File**: `src/api/handler.py`',
      '**Files**: `test/a.ts`, `src/api/router.py`',
    );
    expect(near).toMatchObject({ relation: 'independent', conflicts: [], shared: [] });
    expect(near.nearest).toMatchObject({
      folder: 'src/api',
      claims: [{ claim: { pattern: 'src/api/handler.py' } }, { claim: { pattern: 'src/api/router.py' } }],
    });
    const append = await explain(
      '**Files**: `src/a.ts`, `CHANGELOG.md`',
      '**Files**: `src/b.ts`, `CHANGELOG.md`',
    );
    expect(append).toMatchObject({ relation: 'independent', shared: [{ witness: 'CHANGELOG.md' }] });
    expect(append).not.toHaveProperty('nearest');
  });

  it('shows who waits for whom, through whom', async () => {
    const found = await explain('**File**: `src/a.ts`', '**Dependencies**: SPEC-1\n\n**File**: `src/b.ts`');
    expect(found).toMatchObject({ relation: 'independent', dependency: ['2', '1'] });
  });

  it('shows the whole circle where each waits for the other', async () => {
    const found = await explain(
      '**Dependencies**: SPEC-2\n\n**File**: `src/a.ts`',
      '**Dependencies**: SPEC-1\n\n**File**: `src/b.ts`',
    );
    expect(found.dependency).toEqual(['1', '2', '1']);
  });
});

describe('dependencyPath', () => {
  const tasks = (edges: Readonly<Record<string, readonly string[]>>): Pick<Task, 'id' | 'dependsOn'>[] =>
    Object.entries(edges).map(([id, dependsOn]) => ({ id, dependsOn }));

  it('finds the shortest way, in one direction only', () => {
    const graph = tasks({ a: ['b', 'c'], b: ['d'], c: ['e'], d: ['z'], e: ['d'], z: [] });
    expect(dependencyPath(graph, 'a', 'z')).toEqual(['a', 'b', 'd', 'z']);
    expect(dependencyPath(graph, 'z', 'a')).toBeUndefined();
  });

  it('comes to an end in circles', () => {
    const graph = tasks({ a: ['b'], b: ['a'], c: [] });
    expect(dependencyPath(graph, 'a', 'c')).toBeUndefined();
    expect(dependencyPath(graph, 'a', 'b')).toEqual(['a', 'b']);
  });
});
