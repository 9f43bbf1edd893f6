import { analyseClaims, ClaimTable } from '@pwt/claims';
import type { Claim, TaskClaims } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { type HotFileGroup, hotFileGroups } from './hot-files.js';

const claim = (pattern: string, extra: Partial<Claim> = {}): Claim => ({
  ...{ pattern, mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'test' },
  ...extra,
});
const own = (taskId: string, ...claims: readonly (string | Claim)[]): TaskClaims => ({
  taskId,
  claims: claims.map((one) => (typeof one === 'string' ? claim(one) : one)),
  unknownScope: false,
});

function hot(claims: readonly TaskClaims[], paths: readonly string[] = []): readonly HotFileGroup[] {
  const tree = { paths };
  return hotFileGroups(
    { claims, table: ClaimTable.of(claims), tree },
    analyseClaims({ claims, tree }).conflicts,
  );
}
const brief = (found: readonly HotFileGroup[]) => found.map(({ path, tasks }) => [path, tasks.join()]);

describe('hotFileGroups', () => {
  it('gives each path once with all who want it, whatever their number', () => {
    const many = Array.from({ length: 1000 }, (_, n) => own(String(n), 'hot.ts', `${n}.ts`));
    const [only, ...others] = hot(many);
    expect(only).toMatchObject({
      path: 'hot.ts',
      count: 1,
      tasks: { length: 1000 },
      claims: { length: 1000 },
    });
    expect(others).toEqual([]);
  });

  it('joins paths on which the same tasks meet', () => {
    const found = hot([own('1', 'b', 'a', 'c'), own('2', 'a', 'b'), own('3', 'c')]);
    expect(found).toMatchObject([
      { path: 'a', others: ['b'], count: 2, tasks: ['1', '2'], claims: { length: 4 } },
      { path: 'c', others: [], tasks: ['1', '3'] },
    ]);
  });

  it('finds the files on which patterns meet, and a witness where there is no file', () => {
    const glob = [own('1', 'src/*/handler.py'), own('2', 'src/api/*.py')];
    expect(brief(hot(glob, ['src/api/handler.py']))).toEqual([['src/api/handler.py', '1,2']]);
    expect(brief(hot(glob))).toEqual([['src/api/handler.py', '1,2']]);
    expect(brief(hot([own('1', 'lib'), own('2', 'lib/a.ts')]))).toHaveLength(1);
  });

  it('counts files beyond the first without listing them', () => {
    const found = hot([own('1', 'src/**'), own('2', 'src/*.ts')], ['src/a.ts', 'src/b.ts']);
    expect(found).toMatchObject([{ path: 'src/a.ts', others: [], count: 2 }]);
  });

  it('leaves out who goes together: readers, appenders, possibilities, and tasks of unknown scope', () => {
    const append = claim('log.md', { class: 'append' });
    expect(
      hot([
        own('1', 'a', append),
        own('2', claim('a', { mode: 'read' }), append),
        own('3', claim('a', { confidence: 'possible' })),
        { taskId: '4', claims: [claim('**')], unknownScope: true },
      ]),
    ).toEqual([]);
  });

  it('covers every conflict between tasks of known scope', () => {
    const claims = [
      own('1', 'a/*.ts', 'b'),
      own('2', 'a/x.*', 'b/c'),
      own('3', 'b', 'a/y.ts'),
      own('4', '{b,c}/*'),
    ];
    const { conflicts } = analyseClaims({ claims, tree: { paths: ['b'] } });
    const found = hot(claims, ['b']);
    expect(conflicts.length).toBeGreaterThan(3);
    for (const { tasks } of conflicts) {
      expect(
        found.some((path) => tasks.every((id) => path.tasks.includes(id))),
        tasks.join(),
      ).toBe(true);
    }
  });
});
