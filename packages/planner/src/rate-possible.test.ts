import { analyseClaims } from '@pwt/claims';
import type { Claim, Task, TaskClaims } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { ratePossible } from './rate-possible.js';

const task = (id: string, text: string): Task => ({
  ...{ id, title: id, dependsOn: [], specs: [{ path: `specs/${id}.md`, text, hash: id }] },
});
const claim = (pattern: string, confidence: Claim['confidence']): Claim => ({
  ...{ pattern, mode: 'write', class: 'exclusive', confidence, rule: 'test' },
});
const own = (taskId: string, ...claims: readonly Claim[]): TaskClaims => ({
  taskId,
  claims,
  unknownScope: false,
});

describe('ratePossible', () => {
  it('puts the likeliest pair first, with its chance', async () => {
    const tree = { paths: ['src/parser.ts', 'src/lexer.ts', 'docs/readme.md'] };
    const tasks = [
      task('1', 'Speed up things.'),
      task('2', 'Anything.'),
      task('3', 'Change `src/parser.ts` and `src/lexer.ts`.'),
      task('4', 'Rework `src/parser.ts` and `src/lexer.ts`.'),
    ];
    const vague = claim('docs/**', 'possible');
    const claims = [
      own('1', vague),
      own('2', vague),
      own('3', claim('src/parser.ts', 'possible'), claim('src/lexer.ts', 'possible')),
      own('4', claim('src/parser.ts', 'inferred'), claim('src/lexer.ts', 'inferred')),
    ];
    const { possible } = analyseClaims({ claims, tree });
    const rated = await ratePossible({ tasks, claims, tree }, possible);
    expect(rated.map(({ tasks }) => tasks.join('-'))).toEqual(['3-4', '1-2']);
    const [first, second] = rated.map(({ probability }) => probability);
    expect(first).toBeGreaterThan(second ?? 1);
    for (const { probability } of rated) expect(probability).toBeGreaterThan(0);
    for (const { probability } of rated) expect(probability).toBeLessThan(1);
  });

  it('has nothing to say where nothing is merely possible', async () => {
    expect(await ratePossible({ tasks: [], claims: [], tree: { paths: [] } }, [])).toEqual([]);
  });
});
