import type { PairExplanation } from '@pwt/planner';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { claimOf } from '../../../test/support/planned.js';
import { explainLines } from './explain-lines.js';

const quoted = (taskId: string, given: Parameters<typeof claimOf>[0]) => ({
  taskId,
  claim: claimOf(given, { path: `specs/SPEC-${taskId}.md`, line: 5 }),
  text: `line of ${taskId}`,
});
const task = (id: string) => ({ id, title: `Task ${id}`, specs: [], dependsOn: [] });
const base: PairExplanation = {
  ...{ tasks: [task('21'), task('34')], relation: 'independent', conflicts: [], shared: [] },
  ...{ probability: 0.004, reasons: [] },
};

function lines(
  explanation: Partial<PairExplanation>,
  separation: 'strict' | 'balanced' = 'balanced',
): string[] {
  return explainLines({ ...base, ...explanation }, { colours: pc.createColors(false), separation });
}

describe('an explanation as text', () => {
  it('has both lines of a conflict and its witness', () => {
    const text = lines({
      relation: 'conflict',
      conflicts: [
        {
          ...{ relation: 'conflict', kind: 'overlap', witness: 'src/a.ts', against: 'src/a.ts' },
          claims: [quoted('21', 'src/*.ts'), quoted('34', 'src/a.*')],
        },
      ],
      probability: 0.68,
    });
    expect(text).toEqual([
      '21  Task 21',
      '34  Task 34',
      '',
      'conflict: they never run at the same time',
      '',
      'src/a.ts  conflict: both change it',
      '  21  write src/*.ts  specs/SPEC-21.md:5 test',
      '      line of 21',
      '  34  write src/a.*  specs/SPEC-34.md:5 test',
      '      line of 34',
      '',
      'The probability that both change the same file: 68 %',
    ]);
  });

  it('says what the policy does with a possible one, and why it is only possible', () => {
    const claims = [quoted('21', { pattern: 'a', mode: 'read' }), quoted('34', 'a')] as const;
    const conflict = { relation: 'possible', kind: 'overlap', witness: 'a', against: 'a', claims } as const;
    expect(lines({ relation: 'possible', conflicts: [conflict] })).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^possible: .*separation: balanced/),
        'a  possible: one reads what the other changes',
      ]),
    );
    expect(lines({ relation: 'possible', conflicts: [conflict] }, 'strict')[3]).toContain('will not run');
    const collision = { ...conflict, kind: 'collision', against: 'A' } as const;
    expect(lines({ relation: 'possible', conflicts: [collision] }).join('\n')).toContain(
      'a against A  possible: one path where case and normalisation do not count',
    );
  });

  it('never cuts a place on a narrow terminal', () => {
    const claims = [quoted('21', `src/${'x'.repeat(40)}.ts`), quoted('34', 'src/')] as const;
    const conflict = { relation: 'conflict', kind: 'overlap', witness: 'src/a', against: 'src/a' } as const;
    const explanation = { ...base, relation: 'conflict', conflicts: [{ ...conflict, claims }] } as const;
    const page = { colours: pc.createColors(false), separation: 'balanced', columns: 60 } as const;
    expect(explainLines(explanation, page)).toContain('      specs/SPEC-21.md:5 test');
  });

  it('says once that a task names no file, however much the other claims', () => {
    const all = quoted('21', { pattern: '**', rule: 'unknown-scope' });
    const conflicts = ['a', 'b', 'c'].map((pattern) => ({
      ...({ relation: 'conflict', kind: 'overlap', witness: pattern, against: pattern } as const),
      claims: [all, quoted('34', pattern)] as const,
    }));
    expect(lines({ relation: 'conflict', conflicts }).slice(3, -1)).toEqual([
      'conflict: they never run at the same time',
      '',
      '21 names no file that it will change, so it is taken to touch everything',
      '  21  write **  specs/SPEC-21.md:5 unknown-scope',
      '      line of 21',
      '',
    ]);
  });

  it('says how near independent tasks come, what they share, and who waits', () => {
    const claims = [quoted('21', 'src/a.ts'), quoted('34', 'src/b.ts')] as const;
    expect(lines({ nearest: { folder: 'src', claims } })).toContain(
      'The closest claims are in: the folder src',
    );
    const append = { pattern: 'log.md', class: 'append' } as const;
    expect(
      lines({ shared: [{ witness: 'log.md', claims: [quoted('21', append), quoted('34', append)] }] }),
    ).toContain('log.md  both only add to it');
    expect(lines({ dependency: ['34', '30', '21'] })).toContain(
      '34 waits for 21 (34 → 30 → 21), so they run one after the other in any case',
    );
    expect(lines({ dependency: ['21', '30', '34', '21'] })).toContain(
      'they depend on each other (21 → 30 → 34 → 21), so neither can ever start',
    );
    expect(lines({})).toContain('The probability that both change the same file: under 1 %');
  });
});
