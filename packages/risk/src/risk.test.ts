import type { Claim } from '@pwt/core';
import { makeClaim, makeClaims, makeTask } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { assessPair } from './assess-pair.js';
import { EvidenceTree } from './evidence-tree.js';
import { fileProbability } from './file-probability.js';
import { type TaskEvidence, taskEvidence } from './task-evidence.js';

const tree = new EvidenceTree([
  'docs/guide.md',
  'src/billing/invoice.ts',
  'src/billing/ledger.ts',
  'src/index.ts',
  'src/web/index.ts',
  'src/web/InlineCard.test.tsx',
  'src/web/InlineCard.tsx',
]);

function evidence(id: string, text: string, ...claims: readonly (string | Claim)[]): TaskEvidence {
  const path = `specs/SPEC-${id}.md`;
  return taskEvidence(makeTask(id, { specs: [{ path, text, hash: '00' }] }), makeClaims(id, ...claims), tree);
}

describe('taskEvidence', () => {
  it('grades a file by the best that the task says of it, with the line', () => {
    const place = { path: 'specs/SPEC-1.md', line: 7 };
    const { files } = evidence(
      '1',
      'See `docs/guide.md`.\n\nThe inlinecard is small; as in `ledger.ts`.',
      makeClaim('src/index.ts', { place }),
      makeClaim('src/billing/*', { confidence: 'inferred' }),
      makeClaim('docs/guide.md', { mode: 'read' }),
      makeClaim('new/**', { confidence: 'possible' }),
    );
    expect(files.get('src/index.ts')).toEqual({ grade: 'declared', stem: false, place });
    expect(files.get('src/billing/ledger.ts')).toMatchObject({ grade: 'inferred', stem: true });
    expect(files.get('docs/guide.md')).toMatchObject({ grade: 'mentioned' });
    expect(files.get('src/web/InlineCard.tsx')).toEqual({
      grade: 'none',
      stem: true,
      place: { path: 'specs/SPEC-1.md', line: 3 },
    });
    expect(files.has('src/web/index.ts')).toBe(false);
  });

  it('takes short names, positions and new paths for mentions, and common names and prose for nothing', () => {
    const { files } = evidence(
      '1',
      'Like `invoice.ts:12`, `src/new/thing.ts`, `index.ts.bak`, and/or e.g. v1.2',
    );
    expect([...files].map(([path, { grade }]) => [path, grade])).toEqual([
      ['src/billing/invoice.ts', 'mentioned'],
      ['src/new/thing.ts', 'mentioned'],
    ]);
  });

  it('leaves out what the task subtracts, its own spec, and the claim on everything', () => {
    const { files } = evidence(
      '1',
      'This is specs/SPEC-1.md.',
      'src/billing/**',
      '!src/billing/ledger.ts',
      makeClaim('**', { rule: 'unknown-scope' }),
    );
    expect([...files.keys()]).toEqual(['src/billing/invoice.ts']);
  });
});

describe('assessPair', () => {
  it('names the witness and both lines of a conflict', () => {
    const at = (id: string, line: number) => ({ place: { path: `specs/SPEC-${id}.md`, line } });
    const { relation, conflict, reasons } = assessPair(
      evidence('1', '', makeClaim('src/billing/*', at('1', 3))),
      evidence('2', '', makeClaim('**/ledger.ts', at('2', 8))),
    );
    expect(relation).toBe('conflict');
    expect(conflict).toMatchObject({
      witness: 'src/billing/ledger.ts',
      mine: { place: { path: 'specs/SPEC-1.md', line: 3 } },
      theirs: { place: { path: 'specs/SPEC-2.md', line: 8 } },
    });
    expect(reasons.map(({ message }) => message)).toEqual([
      'both tasks claim "src/billing/ledger.ts"',
      '"src/billing/ledger.ts": 1 declares it (specs/SPEC-1.md:3), 2 declares it (specs/SPEC-2.md:8): 29 % that both change it',
    ]);
  });

  it('gives a possible collision a probability with its reasons, the likeliest file first', () => {
    const a = evidence('1', 'Also mind docs/guide.md', makeClaim('src/billing/ledger.ts'));
    const b = evidence(
      '2',
      'The ledger, and docs/guide.md',
      makeClaim('src/billing/ledger.ts', { confidence: 'possible' }),
    );
    const { relation, probability, reasons } = assessPair(a, b);
    expect(relation).toBe('possible');
    expect(probability).toBeGreaterThan(assessPair(a, evidence('3', '')).probability);
    expect(reasons.map(({ kind, file }) => [kind, file?.path])).toEqual([
      ['claims', undefined],
      ['file', 'src/billing/ledger.ts'],
      ['file', 'docs/guide.md'],
    ]);
    expect(assessPair(a, b, { maxReasons: 1 }).reasons).toHaveLength(2);
  });

  it('keeps the conflict of a task of unknown scope, however little its text says', () => {
    const unknown: TaskEvidence = {
      ...evidence('1', 'Make it better.', makeClaim('**', { rule: 'unknown-scope' })),
      unknownScope: true,
    };
    const { relation, reasons } = assessPair(unknown, evidence('2', '', 'src/index.ts'), {
      repositoryIntercept: -9,
    });
    expect(relation).toBe('conflict');
    expect(reasons.map(({ kind }) => kind)).toEqual(['unknown-scope', 'repository']);
  });

  it('is the published model, to the digit', () => {
    const a = evidence('1', '', 'src/index.ts');
    expect(fileProbability({ grade: 'declared', stem: false })).toBeCloseTo(0.5349, 4);
    // z = logit(0.5349²) = −0.9147; −0.31 + 0.34 z + 1.2
    expect(assessPair(a, evidence('2', '', 'src/index.ts')).probability).toBeCloseTo(0.6409, 4);
    // z is clipped to logit(0.003) = −5.806
    expect(assessPair(a, evidence('3', '')).probability).toBeCloseTo(0.0924, 4);
  });
});
