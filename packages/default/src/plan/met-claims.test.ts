import { planSchedule } from '@pwt/coordinator';
import type { Claim, Task, TaskClaims } from '@pwt/core';
import { expect, it } from 'vitest';
import { metClaims } from './met-claims.js';

const patterns = ['a', 'b', 'c/x', 'c/*', 'c/**', 'd/x', '{a,e}', 'f', 'g', 'h/*.ts', '!c/x', '**/x'];

/** A small generator of pseudo-random numbers, so that a failure can be repeated. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

it('changes no schedule', () => {
  const random = mulberry32(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const randomClaim = (): Claim => ({
    ...{ pattern: pick(patterns), rule: 'test', confidence: pick(['declared', 'declared', 'possible']) },
    ...{
      mode: pick(['write', 'write', 'create', 'read']),
      class: pick(['exclusive', 'exclusive', 'append']),
    },
  });
  for (let round = 0; round < 150; round += 1) {
    const tasks = Array.from(
      { length: 8 },
      (_, n): Task => ({
        ...{ id: String(n), title: '', specs: [], estimateMs: 1000 * Math.ceil(random() * 9) },
        dependsOn: random() < 0.2 && n > 0 ? [String(n - 1)] : [],
      }),
    );
    const claims = tasks.map(({ id }): TaskClaims => {
      if (random() < 0.1) {
        const everything: Claim = {
          ...{ pattern: '**', mode: 'write', class: 'exclusive' },
          ...{ confidence: 'declared', rule: 'test' },
        };
        return { taskId: id, claims: [everything], unknownScope: true };
      }
      return { taskId: id, claims: Array.from({ length: 3 }, randomClaim), unknownScope: false };
    });
    for (const separation of ['strict', 'balanced', 'eager'] as const) {
      const play = (some: readonly TaskClaims[]) =>
        planSchedule({ tasks, claims: some, maxInstances: 3, separation }).timeline;
      expect(play(metClaims(claims)), `round ${round}, ${separation}`).toEqual(play(claims));
    }
  }
});

it('drops what nobody else wants', () => {
  const claim = (pattern: string): Claim => ({
    ...{ pattern, mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'test' },
  });
  const own = (taskId: string, ...all: string[]) => ({ taskId, claims: all.map(claim), unknownScope: false });
  const left = metClaims([own('1', 'a', 'b', 'c'), own('2', 'd', 'b'), own('3', 'e', 'f')]);
  expect(left.map(({ claims }) => claims.map(({ pattern }) => pattern))).toEqual([
    ['a', 'b'],
    ['d', 'b'],
    ['e'],
  ]);
});
