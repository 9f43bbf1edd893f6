import type { SeparationPolicy } from '@pwt/core';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { type PlannedTask, planned } from '../../../test/support/planned.js';
import { planLines } from './plan-lines.js';

const colours = pc.createColors(false);

async function lines(
  tasks: readonly PlannedTask[],
  columns?: number,
  diagnostics: Parameters<typeof planned>[1] = [],
  separation: SeparationPolicy = 'balanced',
): Promise<string[]> {
  const { plan, review } = await planned(tasks, diagnostics);
  return planLines(plan, review, {
    ...{ colours, maxInstances: 4, separation },
    ...(columns === undefined ? {} : { columns }),
  });
}

const long = `src/${'very-long-folder/'.repeat(12)}file.ts`;

describe('a plan as text', () => {
  it('shows the machine that a task asks for', async () => {
    const { plan, review } = await planned([{ id: '21', claims: ['src/a.ts'] }]);
    const tasks = plan.tasks.map((task) => ({ ...task, runsOn: { gpu: '1', os: 'linux' } }));
    const page = { colours, maxInstances: 4, separation: 'balanced' } as const;
    expect(planLines({ ...plan, tasks }, review, page)).toContain('  on a machine with gpu=1, os=linux');
  });

  it('shows each claim with the line that says so, and each conflict once for its path', async () => {
    const text = (
      await lines([
        { id: '21', claims: ['src/a.ts', 'src/index.ts'] },
        { id: '34', claims: ['src/b.ts', 'src/index.ts'] },
        { id: '40', claims: ['src/index.ts'] },
      ])
    ).join('\n');
    expect(text).toContain('  write  src/a.ts      specs/SPEC-21.md:3 test');
    expect(text).toContain(
      [
        'src/index.ts: 21, 34 and 40 take turns, 3h 00m in all; without that the run would end 2h 00m earlier',
        '  21  write  src/index.ts  specs/SPEC-21.md:4',
        '  34  write  src/index.ts  specs/SPEC-34.md:4',
        '  40  write  src/index.ts  specs/SPEC-40.md:3',
      ].join('\n'),
    );
    expect(text).toContain(
      '1. split `src/index.ts` out of 34 and 40: 1.0 × → 3.0 ×, 2h 00m earlier (leave it to 21)',
    );
  });

  it('gives a task of unknown scope one line, however many tasks it keeps waiting', async () => {
    const others = Array.from({ length: 30 }, (_, n) => ({ id: `t${n}`, claims: [`${n}.ts`] }));
    const found = (await lines([{ id: '50' }, ...others])).filter((line) => line.startsWith('50: '));
    expect(found).toEqual(['50: runs alone, because no file is named  specs/SPEC-50.md:3']);
  });

  it('shortens long lists of tasks and bars on a terminal', async () => {
    const tasks = Array.from({ length: 70 }, (_, n) => ({ id: `t${n}`, claims: [`${n}.ts`] }));
    const shown = await lines(tasks, 90);
    expect(shown.filter((line) => line.includes('█'))).toHaveLength(60);
    expect(shown.filter((line) => line.includes('.ts'))).toHaveLength(60);
    const left = shown.filter((line) => line.startsWith('… and'));
    expect(left.map((line) => line.split(':')[0])).toEqual(['… and 10 more tasks', '… and 10 more bars']);
    expect((await lines(tasks)).filter((line) => line.includes('█'))).toHaveLength(70);
  });

  it('shortens nothing in a pipe or a file', async () => {
    const tasks = Array.from({ length: 60 }, (_, n) => ({
      id: `${n}`,
      title: long,
      claims: [long, `${n}.ts`],
    }));
    const text = await lines(tasks);
    expect(text.join('\n')).not.toContain('…');
    expect(text.filter((line) => line.includes(long)).length).toBeGreaterThanOrEqual(180);
    expect(text).toContain(`  59  write  ${long}  specs/SPEC-59.md:3`);
  });

  it('fits a terminal, shortens long lists, and says so', async () => {
    const tasks = Array.from({ length: 60 }, (_, n) => ({
      id: `${n}`,
      title: long,
      claims: [long, `${n}.ts`],
    }));
    const text = await lines(tasks, 80);
    expect(text.filter((line) => line.length > 80 && !line.startsWith('1.0 ×'))).toEqual([]);
    expect(text).toContain('  … and 48 more claims');
  });

  it('puts the place of a claim that does not fit beside it on a line of its own', async () => {
    const pattern = `src/${'x'.repeat(60)}.ts`;
    const text = await lines([{ id: '1', claims: [pattern] }], 80);
    expect(text).toContain(`  write  ${pattern}`);
    expect(text).toContain('      specs/SPEC-1.md:3 test');
  });

  it('lists errors and warnings, each hint once, and only counts notes', async () => {
    const hint = 'Do this.';
    const text = await lines([{ id: '1', claims: ['a'] }], undefined, [
      { code: 'PWT_A', severity: 'warning', message: 'first', hint, path: 'a.md', line: 2 },
      { code: 'PWT_A', severity: 'warning', message: 'second', hint },
      { code: 'PWT_B', severity: 'info', message: 'a note' },
      { code: 'PWT_C', severity: 'error', message: 'bad' },
    ]);
    const from = text.indexOf('Findings');
    expect(text.slice(from, from + 6)).toEqual([
      'Findings',
      'error PWT_C: bad',
      'warning PWT_A: first  a.md:2',
      '  Do this.',
      'warning PWT_A: second',
      '1 note: see `pwt plan --check`',
    ]);
  });

  it('never cuts what a conflict costs or a change would gain', async () => {
    const shared = `src/${'folder/'.repeat(5)}index.ts`;
    const text = await lines(
      ['21', '34', '40'].map((id) => ({ id, claims: [`${id}.ts`, shared] })),
      80,
    );
    const joined = text.join(' ').replace(/ +/g, ' ');
    expect(joined).toContain('3h 00m in all; without that the run would end 2h 00m earlier');
    expect(joined).toContain('1.0 × → 3.0 ×, 2h 00m earlier (leave it to 21)');
    expect(text.filter((line) => line.length > 80)).toEqual([]);
  });

  it('keeps columns aligned where places have lines of their own', async () => {
    const pattern = `src/${'x'.repeat(60)}.ts`;
    const text = await lines([{ id: '1', claims: [{ pattern, mode: 'create' }, 'a.ts'] }], 80);
    expect(text).toContain(`  create  ${pattern}`);
    expect(text).toContain('  write   a.ts');
  });

  it('wraps findings, and counts those that are too many for a terminal', async () => {
    const many = Array.from({ length: 20 }, (_, n) => ({
      ...{ code: 'PWT_A' as const, severity: 'warning' as const, path: 'a.md', line: n + 1 },
      message: `The ${n}th of the findings is ${'very '.repeat(20)}long.`,
    }));
    const text = await lines([{ id: '1', claims: ['a'] }], 80, many);
    expect(text).toContain('17 more warnings: see `pwt plan --check`');
    expect(text.filter((line) => line.length > 80)).toEqual([]);
    const whole = await lines([{ id: '1', claims: ['a'] }], undefined, many);
    expect(whole.filter((line) => line.startsWith('warning'))).toHaveLength(20);
  });

  it('says which tasks never start', async () => {
    const { plan, review } = await planned([
      { id: '1', claims: ['a'] },
      { id: '2', claims: ['b'], dependsOn: ['3'] },
      { id: '3', claims: ['c'], dependsOn: ['2'] },
    ]);
    const schedule = { ...plan.schedule, cyclic: ['2', '3'] };
    const page = { colours, maxInstances: 4, separation: 'balanced' } as const;
    expect(planLines({ ...plan, schedule }, review, page)).toContain(
      '2 and 3 never start: they wait for a cycle of dependencies',
    );
  });

  it('says what its times rest on', async () => {
    const { plan, review } = await planned([
      { id: '1', claims: ['a'] },
      { id: '2', claims: ['b'] },
    ]);
    const without = ({ estimateMs: _, ...task }: (typeof plan.tasks)[number]) => task;
    const speed = (tasks: typeof plan.tasks) =>
      planLines({ ...plan, tasks }, review, { colours, maxInstances: 4, separation: 'balanced' }).join('\n');
    expect(speed(plan.tasks)).toContain(', by the estimates of the specs.');
    expect(speed(plan.tasks.map(without))).toContain('if all take the same time: no spec has an estimate.');
    expect(speed(plan.tasks.map((task, at) => (at === 0 ? task : without(task))))).toContain(
      'by the estimates of 1 spec, 1 without one taken for average',
    );
    const seen = (tasks: typeof plan.tasks, ...ids: string[]) => {
      const measured = new Map(ids.map((id) => [id, 1_000]));
      const page = { colours, maxInstances: 4, separation: 'balanced' } as const;
      return planLines({ ...plan, tasks, measured }, review, page).join('\n');
    };
    expect(seen(plan.tasks, '1', '2')).toContain(', by what their agents took in earlier runs.');
    expect(seen(plan.tasks, '1')).toContain('1 agent took in earlier runs, the others by the estimates');
    expect(seen(plan.tasks.map(without), '1')).toContain('the others taken for average');
  });

  it('says what the policy makes of pairs that may conflict', async () => {
    const pair = [
      { id: '1', claims: ['a'] },
      { id: '2', claims: [{ pattern: 'a', mode: 'read' as const }, 'b'] },
    ];
    expect((await lines(pair, undefined, [], 'strict')).join('\n')).toContain(
      'Such tasks never run at the same time (separation: strict).',
    );
  });

  it('lists the pairs that may conflict, with both lines', async () => {
    const text = await lines([
      { id: '1', claims: ['a'] },
      { id: '2', claims: [{ pattern: 'a', mode: 'read' }, 'b'] },
    ]);
    const from = text.findIndex((line) => line.startsWith('1 pair may conflict'));
    expect(text[from]).toBe(
      '1 pair may conflict, with the probability of a conflict (see: pwt explain 1 2). Such tasks run at the same time only if nothing better is waiting (separation: balanced).',
    );
    expect(text[from + 1]).toMatch(/^ {2}1 – 2 {2}\d+ % {2}a {2}specs\/SPEC-1\.md:3 \/ specs\/SPEC-2\.md:3$/);
  });
});

describe('a plan on a narrow terminal', () => {
  it('shows both places of a pair that may conflict', async () => {
    const pattern = `${'x'.repeat(50)}.ts`;
    const text = await lines(
      [
        { id: '1', claims: [pattern] },
        { id: '2', claims: [{ pattern, mode: 'read' }, 'b'] },
      ],
      70,
    );
    const from = text.findIndex((line) => line.startsWith('  1 – 2'));
    expect(text.slice(from + 1, from + 3)).toEqual(['      specs/SPEC-1.md:3', '      specs/SPEC-2.md:3']);
  });

  it('keeps figures and their units together', async () => {
    for (let columns = 40; columns < 80; columns += 1) {
      const text = await lines(
        ['1', '2', '3'].map((id) => ({ id, claims: ['a'] })),
        columns,
      );
      expect(text.filter((line) => /^ +(?:×|\d\dm)/.test(line))).toEqual([]);
    }
  });
});

describe('the matrix', () => {
  it('shows every pair once', async () => {
    const text = await lines([
      { id: '1', claims: ['a'] },
      { id: '22', claims: ['a'] },
      { id: '3', claims: ['b', { pattern: 'a', mode: 'read' }], dependsOn: ['22'] },
      { id: '4' },
    ]);
    const from = text.indexOf('Matrix');
    expect(text.slice(from, from + 7)).toEqual([
      'Matrix',
      '      2',
      '    1 2 3',
      '22  ×',
      '3   ? →',
      '4   × × ×',
      '× conflict   ? possible   → waits for   · independent',
    ]);
  });

  it('sees through chains of dependencies', async () => {
    const text = await lines([
      { id: '1', claims: ['a'] },
      { id: '2', claims: ['b'], dependsOn: ['1'] },
      { id: '3', claims: ['c'], dependsOn: ['2'] },
      { id: '4', claims: ['d'], dependsOn: ['4'] },
    ]);
    const from = text.indexOf('Matrix');
    expect(text.slice(from + 2, from + 5)).toEqual(['2  →', '3  → →', '4  · · ·']);
  });

  it('puts its columns close together on a narrow terminal', async () => {
    const text = await lines(
      ['1', '2', '3', '4', '5', '6'].map((id) => ({ id, claims: ['a'] })),
      12,
    );
    const from = text.indexOf('Matrix');
    expect(text.slice(from + 1, from + 4)).toEqual(['  12345', '2 ×', '3 ××']);
  });

  it('says where else to look when it would not fit', async () => {
    const tasks = (length: number) => Array.from({ length }, (_, n) => ({ id: `${n}`, claims: [`${n}.ts`] }));
    const drawn = (text: readonly string[]) => text.some((line) => line.startsWith('× conflict'));
    expect(drawn(await lines(tasks(40)))).toBe(true);
    expect(drawn(await lines(tasks(40), 80))).toBe(true);
    expect(drawn(await lines(tasks(40), 42))).toBe(false);
    const text = await lines(tasks(41));
    expect(drawn(text)).toBe(false);
    expect(text).toContain('41 tasks are too many to draw here: see `pwt plan --format html`');
    expect((await lines(tasks(121))).join('\n')).toContain('see `pwt explain`');
  });
});
