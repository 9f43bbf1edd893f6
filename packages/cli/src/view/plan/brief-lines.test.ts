import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { type PlannedTask, planned } from '../../../test/support/planned.js';
import { briefLines } from './brief-lines.js';

const page = { colours: pc.createColors(false), maxInstances: 2, separation: 'balanced' } as const;

async function lines(
  tasks: readonly PlannedTask[],
  diagnostics: Parameters<typeof planned>[1] = [],
  columns?: number,
): Promise<string[]> {
  const { plan, review } = await planned(tasks, diagnostics);
  return briefLines(plan, review, { ...page, ...(columns === undefined ? {} : { columns }) });
}

/** The lines below a heading. */
function below(text: readonly string[], heading: string): readonly string[] {
  const from = text.indexOf(heading) + 1;
  return from === 0 ? [] : text.slice(from, text.indexOf('', from));
}

describe('a brief plan', () => {
  it('says first how much faster it is, then what starts now, what waits and for what', async () => {
    const text = await lines([
      { id: '1', claims: ['a'] },
      { id: '2', claims: ['a', 'b'] },
      { id: '3', claims: ['c'], dependsOn: ['2'] },
      { id: '4' },
    ]);
    expect(text[0]).toMatch(/^4 tasks, up to 2 at the same time, onto /);
    expect(text[1]).toMatch(/^\d\.\d × faster than one by one: /);
    const waits = below(text, 'Waits').join('\n');
    expect(below(text, 'Starts now').length).toBeGreaterThan(0);
    expect(waits).toMatch(/^ {2}3 {2}after \S+( \S+)? +needs 2$/m);
    expect(waits).toMatch(/takes turns with [12]: a$/m);
    expect(`${waits}\n${below(text, 'Starts now')}`).toMatch(/runs alone|^ {2}4 /m);
    expect(below(text, 'Runs alone')).toEqual(['4: runs alone, because no file is named  specs/SPEC-4.md:3']);
    expect(below(text, 'Conflicts, by what they cost')[0]).toMatch(/^a: 1 and 2 take turns, /);
    expect(text.join('\n')).not.toContain('Matrix');
    expect(text.at(-1)).toContain('pwt plan -v');
  });

  it('is as long for 200 tasks as for a few, in a pipe, too', async () => {
    const tasks = Array.from({ length: 200 }, (_, n) => ({
      id: `${n}`,
      ...(n % 20 === 0 ? {} : { claims: [`own-${n}`, `shared-${n % 7}`] }),
      ...(n > 30 ? { dependsOn: [`${n - 30}`] } : {}),
    }));
    const findings = Array.from({ length: 90 }, (_, n) => ({
      ...({ code: 'PWT_SCOPE_UNKNOWN', severity: 'warning', message: `The ${n}th` } as const),
    }));
    for (const columns of [undefined, 80]) {
      const text = await lines(tasks, findings, columns);
      expect(text.length).toBeLessThan(80);
      const screen = text.slice(0, 24).join('\n');
      for (const what of ['× faster', 'Starts now', 'Waits', 'Runs alone']) expect(screen).toContain(what);
      expect(text).toContain('87 more warnings: see `pwt plan --check`');
    }
  });

  it('says which tasks are left out, also where none is left', async () => {
    const done = {
      ...({ code: 'PWT_TASK_DONE', severity: 'info' } as const),
      message: 'Left out, because they are finished: T001.',
    };
    expect(await lines([{ id: '1', claims: ['a'] }], [done])).toContain(done.message);
    expect(await lines([], [done])).toEqual(['Nothing is left to do: all tasks are finished.', done.message]);
    expect(await lines([], [])).toEqual(['No tasks.']);
  });
});
