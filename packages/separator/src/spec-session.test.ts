import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { separateSpecs } from './separate-specs.js';
import { SpecSession } from './spec-session.js';

const tree = ['README.md', 'package.json', 'pnpm-lock.yaml', 'src/a.ts', 'src/api/b.ts', 'src/api/c.ts'];

const names = ['SPEC-1-a', 'SPEC-01-b', 'SPEC-2-a', 'SPEC-3-us-002-x', 'SPEC-NEXT-a', 'SPEC-4-d', 'notes'];
const lines = [
  '- `src/a.ts`',
  '- `src/api/**`',
  '- `src/{a,new}.ts` (new)',
  '- `b.ts`',
  '- `src/api/b*.ts`',
  '- `src/api/*c.ts`',
  '- `readme.md`',
  '- `package.json`',
  '- `src`',
  '- `../x`',
  '- `src/new.ts` (new)',
  'Do not modify `src/a.ts`.',
  '**Dependencies**: SPEC-2, SPEC-4',
];
const fronts = [
  '',
  '---\nid: 9\n---\n',
  '---\ndepends_on: [1]\nfiles: [src/a.ts]\n---\n',
  '---\npriority: 3\n---\n',
];

const text = fc
  .tuple(fc.constantFrom(...fronts), fc.array(fc.constantFrom(...lines), { maxLength: 4 }))
  .map(([front, body]) => `${front}# T\n## File Scope\n${body.join('\n')}\n`);
const path = fc.constantFrom(...names).map((name) => `specs/${name}.md`);
const edits = fc.record({
  put: fc.array(fc.record({ path, text }), { maxLength: 3 }),
  remove: fc.array(path, { maxLength: 1 }),
});

describe('SpecSession', () => {
  it.each([500, 0])(
    'answers after any edits as a cold start does, with pairs up to %d tasks',
    (maxPairTasks) => {
      fc.assert(
        fc.property(fc.array(edits, { minLength: 1, maxLength: 8 }), (updates) => {
          const session = new SpecSession({ tree, maxPairTasks });
          const files = new Map<string, string>();
          for (const update of updates) {
            for (const gone of update.remove) files.delete(gone);
            for (const edited of update.put) files.set(edited.path, edited.text);
            session.update(update);
            const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
            const cold = separateSpecs(
              sorted.map(([at, content]) => ({ path: at, text: content })),
              { tree, maxPairTasks },
            );
            const { conflictsOf, ...warm } = session.plan();
            const { conflictsOf: coldOf, ...expected } = cold;
            expect(warm).toEqual(expected);
            for (const { id } of cold.tasks) {
              const byTask = (a: { tasks: readonly string[] }, b: { tasks: readonly string[] }) =>
                String(a.tasks) < String(b.tasks) ? -1 : 1;
              expect([...conflictsOf(id)].sort(byTask)).toEqual([...coldOf(id)].sort(byTask));
            }
          }
        }),
        { numRuns: 150, seed: 20 },
      );
    },
  );

  it('reads only what changed, and says which tasks did', () => {
    const session = new SpecSession({ tree });
    const file = (id: number, line: string) => ({
      path: `specs/SPEC-${id}-x.md`,
      text: `# T\n**File**: ${line}`,
    });
    const first = session.update({
      put: [file(1, '`src/a.ts`'), file(2, '`src/a.ts`'), file(3, '`README.md`')],
    });
    expect(first).toEqual({ changed: ['1', '2', '3'], removed: [] });
    const claims = session.claimsOf('1')?.claims;
    expect(session.update({ put: [file(1, '`src/a.ts`')] })).toEqual({ changed: [], removed: [] });
    expect(session.update({ put: [file(2, '`src/api/b.ts`')], remove: ['specs/SPEC-3-x.md'] })).toEqual({
      changed: ['2'],
      removed: ['3'],
    });
    expect(session.claimsOf('1')?.claims).toBe(claims);
    expect(session.conflictsOf('1')).toEqual([]);
    expect(session.hotFiles()).toEqual([]);
    expect(session.claimsOf('3')).toBeUndefined();
    session.update({ put: [file(2, '`src/a.ts`')] });
    expect(session.conflictsOf('1').map(({ witness }) => witness)).toEqual(['src/a.ts']);
    expect(session.hotFiles()).toEqual([{ path: 'src/a.ts', tasks: ['1', '2'] }]);
  });

  it('notices that the dependencies of others are met or left open by a new task', () => {
    const session = new SpecSession();
    session.update({ put: [{ path: 'specs/SPEC-1-x.md', text: '# T\n**Dependencies**: SPEC-2' }] });
    expect(session.diagnostics().map(({ code }) => code)).toContain('PWT_DEPENDENCY_UNKNOWN');
    const { changed } = session.update({ put: [{ path: 'specs/SPEC-2-x.md', text: '# U' }] });
    expect(changed).toEqual(['1', '2']);
    expect(session.tasks[0]?.dependsOn).toEqual(['2']);
    expect(session.diagnostics().map(({ code }) => code)).not.toContain('PWT_DEPENDENCY_UNKNOWN');
  });
});
