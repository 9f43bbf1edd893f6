import type { PairExplanation } from '@pwt/planner';
import { describe, expect, it } from 'vitest';
import { explanationJson } from './explanation-json.js';
import { resultDiagnosticJson } from './place-json.js';

const path = 'specs/SPEC-1-a.md';

describe('schema version 1', () => {
  it('calls the path of a place `file` where reasons have one', () => {
    const reason = { kind: 'file', message: 'Both name it.' } as const;
    const shared = { path: 'a.ts', probability: 0.5 };
    const declared = { grade: 'declared', stem: true, place: { path, line: 1 } } as const;
    const nothing = { grade: 'none', stem: true } as const;
    const explained = {
      ...{ tasks: [], relation: 'independent', conflicts: [], shared: [], probability: 0.5 },
      reasons: [
        { kind: 'claims', message: 'Both claim it.' },
        { ...reason, file: { ...shared, a: declared, b: nothing } },
      ],
    } as unknown as PairExplanation;
    expect(explanationJson(explained).reasons).toEqual([
      { kind: 'claims', message: 'Both claim it.' },
      { ...reason, file: { ...shared, a: { ...declared, place: { file: path, line: 1 } }, b: nothing } },
    ]);
  });

  it('has the first task and the file of a diagnostic in a result', () => {
    const warning = { code: 'PWT_X', severity: 'warning', message: 'Odd.' } as const;
    expect(resultDiagnosticJson({ ...warning, taskIds: ['1', '2'], path, line: 3 })).toMatchObject({
      ...{ taskId: '1', taskIds: ['1', '2'] },
      ...{ file: path, path, line: 3 },
    });
    expect(resultDiagnosticJson(warning)).toEqual(warning);
  });
});
