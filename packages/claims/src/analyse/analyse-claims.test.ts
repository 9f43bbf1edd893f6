import type { Claim, TaskClaims } from '@pwt/core';
import { cpuMs } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { analyseClaims } from './analyse-claims.js';

const claim = (pattern: string, extra: Partial<Claim> = {}): Claim => ({
  ...{ pattern, mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'test' },
  ...extra,
});

const task = (taskId: string, ...claims: readonly (string | Claim)[]): TaskClaims => ({
  taskId,
  claims: claims.map((entry) => (typeof entry === 'string' ? claim(entry) : entry)),
  unknownScope: false,
});

const tree = { paths: ['src/a.ts', 'src/api/handler.py', 'src/b.ts', 'test/a.ts'] };
const analyse = (...claims: readonly TaskClaims[]) => analyseClaims({ claims, tree });

describe('analyseClaims', () => {
  it('finds conflicts, possible ones and independent pairs', () => {
    const found = analyse(
      task('1', 'src/a.ts', 'src/new.ts'),
      task('2', 'src/*.ts'),
      task('3', claim('src/a.ts', { confidence: 'possible' })),
      task('4', 'test/a.ts'),
    );
    expect(found.conflicts.map(({ tasks, paths }) => [tasks, paths])).toEqual([
      [
        ['1', '2'],
        ['src/a.ts', 'src/new.ts'],
      ],
    ]);
    expect(found.possible.map(({ tasks }) => tasks)).toEqual([
      ['1', '3'],
      ['2', '3'],
    ]);
    expect(found.independentPairs).toEqual([
      ['1', '4'],
      ['2', '4'],
      ['3', '4'],
    ]);
  });

  it('says why: the claims of both and a path that both match', () => {
    const [conflict] = analyse(task('1', 'src/*/handler.py'), task('2', 'src/api/*.py')).conflicts;
    expect(conflict).toMatchObject({
      tasks: ['1', '2'],
      witness: 'src/api/handler.py',
      mine: { pattern: 'src/*/handler.py' },
      theirs: { pattern: 'src/api/*.py' },
      kind: 'overlap',
    });
  });

  it('lets readers and appenders be', () => {
    const read = claim('src/a.ts', { mode: 'read' });
    const append = claim('CHANGELOG.md', { class: 'append' });
    const found = analyse(task('1', read, append), task('2', read, append));
    expect(found.independentPairs).toEqual([['1', '2']]);
  });

  it('maps tasks to files; patterns that match nothing stand for themselves', () => {
    const read = claim('src/b.ts', { mode: 'read' });
    expect(
      analyse(task('1', 'src/*.ts', read), task('2', 'new/*', 'x.ts'), task('3', '**')).taskFileMap,
    ).toEqual({
      1: ['src/a.ts', 'src/b.ts'],
      2: ['new/*', 'x.ts'],
      3: ['**'],
    });
  });

  it('lets a task without a scope conflict with every other one', () => {
    const found = analyse(task('1', '**'), task('2', 'src/a.ts'), task('3', '**'));
    expect(found.conflicts.map(({ tasks, paths }) => [tasks.join(), paths])).toEqual([
      ['1,2', ['src/a.ts']],
      ['1,3', ['**']],
      ['2,3', ['src/a.ts']],
    ]);
    expect(found.independentPairs).toEqual([]);
  });

  it('ranks hot files by the number of tasks', () => {
    const found = analyse(task('1', 'a', 'b'), task('2', 'a', 'b'), task('3', 'a'));
    expect(found.hotFiles.map(({ path, tasks }) => [path, tasks])).toEqual([
      ['a', ['1', '2', '3']],
      ['b', ['1', '2']],
    ]);
  });

  it('does not list the pairs of very many tasks, but answers for one of them', () => {
    const many = Array.from({ length: 2000 }, (_, n) => task(String(n), 'src/hot.ts', `src/${n}.ts`));
    const start = cpuMs();
    const found = analyseClaims({ claims: many, tree });
    expect(cpuMs() - start).toBeLessThan(3000);
    expect(found).toMatchObject({ pairsListed: false, conflicts: [], independentPairs: [] });
    expect(found.hotFiles[0]).toMatchObject({ path: 'src/hot.ts', tasks: { length: 2000 } });
    expect(found.conflictsOf('7')).toHaveLength(1999);
    expect(found.conflictsOf('7')[0]?.tasks).toEqual(['7', '0']);
  });

  it('lists hot files by the number of tasks, however many claims these have', () => {
    const append = claim('src/b.ts', { class: 'append' });
    const found = analyse(
      task(
        '1',
        'src/a.ts',
        claim('src/a.ts', { mode: 'create' }),
        claim('src/*.ts', { mode: 'delete' }),
        'src/b.ts',
      ),
      task(
        '2',
        'src/a.ts',
        claim('src/a.ts', { mode: 'create' }),
        claim('src/a.ts', { mode: 'delete' }),
        append,
      ),
      task('3', append),
    );
    expect(found.hotFiles.map(({ path, tasks }) => [path, tasks.length])).toEqual([
      ['src/b.ts', 3],
      ['src/a.ts', 2],
    ]);
  });
});
