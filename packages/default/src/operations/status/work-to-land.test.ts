import { type NewRunEvent, summarise } from '@pwt/core';
import { makeClaims, makeRunOptions, makeState, makeTask, makeTaskEvents } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { toRunResult } from '../run/run-result.js';
import { hasWorkToLand } from './work-to-land.js';

const [BASE, TIP] = ['a'.repeat(40), 'b'.repeat(40)];

const landed: readonly NewRunEvent[] = [
  { type: 'run-started', target: 'main', base: BASE, settings: {}, options: makeRunOptions() },
  { type: 'task-planned', taskId: '1', task: makeTask('1'), claims: makeClaims('1', '1.ts') },
  ...makeTaskEvents('1', 'integrated'),
  { type: 'landed', target: 'main', from: BASE, to: TIP, taskIds: ['1'] },
];
const rewritten: NewRunEvent = {
  type: 'finding',
  finding: { kind: 'target', severity: 'error', taskIds: [], message: 'main was rewritten', hint: 'Decide.' },
};
const decided: NewRunEvent = { type: 'target-replaced', from: TIP, known: TIP, tip: BASE, taskIds: [] };

describe('a target that is rewritten after all has landed', () => {
  it('makes the run no success, and is to be decided on by land --onto-rewritten alone', () => {
    const before = makeState(...landed);
    expect(toRunResult(before, summarise(before)).success).toBe(true);
    expect(hasWorkToLand(before, { ontoRewritten: true })).toBe(false);
    const after = makeState(...landed, rewritten);
    expect(toRunResult(after, summarise(after)).success).toBe(false);
    expect([hasWorkToLand(after), hasWorkToLand(after, { ontoRewritten: true })]).toEqual([false, true]);
  });

  it('is settled once it was decided on', () => {
    const state = makeState(...landed, rewritten, decided);
    expect(toRunResult(state, summarise(state)).success).toBe(true);
    expect(hasWorkToLand(state, { ontoRewritten: true })).toBe(false);
  });
});
