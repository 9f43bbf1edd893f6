import type { ClaimMode, Confidence } from '@pwt/core';
import { makeClaim, makeClaims, makeTask } from '@pwt/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessPair } from './assess-pair.js';
import { EvidenceTree } from './evidence-tree.js';
import { createRiskLookup } from './risk-lookup.js';
import { type EvidenceGrade, type FileEvidence, type TaskEvidence, taskEvidence } from './task-evidence.js';

const paths = ['a/ledgers.ts', 'a/invoices.ts', 'b/ledgers.ts', 'b/settings.py', 'README.md'];
const tree = new EvidenceTree(paths);
const patterns = [...paths, 'a/*', '**/*.ts', 'new/file.ts', '**', '{a,b}/ledgers.ts', 'b/'];
const grades: readonly EvidenceGrade[] = ['none', 'mentioned', 'inferred', 'declared'];

const anyClaim = fc
  .record({
    pattern: fc.constantFrom(...patterns),
    mode: fc.constantFrom<ClaimMode>('read', 'write', 'create', 'delete', 'rename'),
    confidence: fc.constantFrom<Confidence>('declared', 'inferred', 'possible'),
  })
  .map(({ pattern, ...extra }) => makeClaim(pattern, extra));
const anyText = fc
  .array(fc.constantFrom(...paths, 'ledgers', 'settings', 'prose', '\n'))
  .map((words) => words.join(' '));
const anyTask = fc
  .record({ text: anyText, claims: fc.array(anyClaim, { maxLength: 4 }) })
  .map(({ text, claims }) => ({
    as: (id: string): TaskEvidence =>
      taskEvidence(
        makeTask(id, { specs: [{ path: 'specs/x.md', text, hash: '00' }] }),
        makeClaims(id, ...claims),
        tree,
      ),
  }));
const anyIntercept = fc.double({ min: -2000, max: 2000, noNaN: true });
const run = { seed: 20261124, numRuns: 500 };

describe('the probability of any pair', () => {
  it('lies within (0, 1), is symmetric, and is what the lookup says', () => {
    fc.assert(
      fc.property(anyTask, anyTask, anyIntercept, (one, other, repositoryIntercept) => {
        const [a, b] = [one.as('a'), other.as('b')];
        const there = assessPair(a, b, { repositoryIntercept });
        const back = assessPair(b, a, { repositoryIntercept });
        expect(there.probability).toBeGreaterThan(0);
        expect(there.probability).toBeLessThan(1);
        expect(back.probability).toBe(there.probability);
        expect(back.relation).toBe(there.relation);
        expect(back.reasons.map(({ file }) => file?.path)).toEqual(
          there.reasons.map(({ file }) => file?.path),
        );
        const risk = createRiskLookup([a, b], { repositoryIntercept });
        expect([risk('a', 'b'), risk('b', 'a')]).toEqual([there.probability, there.probability]);
      }),
      run,
    );
  });

  it('never softens a conflict nor makes one: the relation is that of the claims', () => {
    fc.assert(
      fc.property(anyTask, anyTask, anyIntercept, (one, other, repositoryIntercept) => {
        const [a, b] = [one.as('a'), other.as('b')];
        const { relation, conflict } = assessPair(a, b, { repositoryIntercept });
        expect(assessPair({ ...a, files: new Map() }, b, { repositoryIntercept: -2000 }).relation).toBe(
          relation,
        );
        expect(conflict?.relation).toBe(relation === 'independent' ? undefined : relation);
      }),
      run,
    );
  });

  it('never falls when a text says more of a file, or when claims come to conflict', () => {
    const better = fc.record({
      path: fc.constantFrom(...paths),
      grade: fc.constantFrom(...grades),
      stem: fc.boolean(),
    });
    fc.assert(
      fc.property(anyTask, anyTask, better, (one, other, { path, ...found }) => {
        const [a, b] = [one.as('a'), other.as('b')];
        const more: TaskEvidence = {
          ...a,
          files: new Map(a.files).set(path, join(a.files.get(path), found)),
        };
        const { probability } = assessPair(a, b);
        expect(assessPair(more, b).probability).toBeGreaterThanOrEqual(probability);
        const claims = [...more.claims, makeClaim('b/settings.py')];
        const clashing = { ...b, claims: [...b.claims, makeClaim('b/settings.py')] };
        expect(assessPair({ ...more, claims }, clashing).probability).toBeGreaterThanOrEqual(probability);
      }),
      run,
    );
  });

  it('does not depend on the order in which files, claims and tasks come', () => {
    fc.assert(
      fc.property(anyTask, anyTask, (one, other) => {
        const [a, b] = [one.as('a'), other.as('b')];
        const reversed = { ...a, claims: [...a.claims].reverse(), files: new Map([...a.files].reverse()) };
        const [first, second] = [assessPair(a, b), assessPair(reversed, b)];
        expect(second.probability).toBe(first.probability);
        expect(second.reasons.map(({ file }) => file)).toEqual(first.reasons.map(({ file }) => file));
      }),
      run,
    );
  });
});

/** The better of two pieces of evidence in each respect. */
function join(known: FileEvidence | undefined, found: FileEvidence): FileEvidence {
  if (!known) return found;
  const grade = grades.indexOf(known.grade) > grades.indexOf(found.grade) ? known.grade : found.grade;
  return { grade, stem: known.stem || found.stem };
}
