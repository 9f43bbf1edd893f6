import type { GatedState, GatePart, Verdict } from '@pwt/core';
import { ScriptedGate } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import type { RunContext } from '../run/run-context.js';
import type { KnownVerdicts } from '../verdict-store.js';
import { knownVerdict } from './known-verdicts.js';

const gate = new ScriptedGate(undefined, 'f1');
const state: GatedState = { taskIds: [], onto: 'c', commit: 'c', tree: 't', purpose: 'base' };
const green: Verdict = { status: 'green', durationMs: 1 };
const parts: GatePart[] = [
  { name: 'lint', status: 'red', durationMs: 1, exitCode: 1, summary: 'no', logFile: '/l' },
  { name: 'unit', status: 'skipped', durationMs: 0, logFile: '/u' },
];
const partial: Verdict = { status: 'red', durationMs: 1, exitCode: 1, summary: 'no', parts };

/** A run in which this is known, by commit or tree; and what earlier runs know of the tree. */
function run(inRun: Record<string, { verdict: Verdict; fingerprint?: string }>, kept?: KnownVerdicts) {
  const verdicts = { recall: async () => kept };
  return {
    log: { state: { verdicts: new Map(Object.entries(inRun)) } },
    parts: { verdicts },
  } as unknown as RunContext;
}

describe('a verdict is known', () => {
  it('of the commit or the tree, by the same gate', async () => {
    expect(await knownVerdict(run({ t: { verdict: green, fingerprint: 'f1' } }), gate, state)).toBe(green);
    expect(
      await knownVerdict(run({ t: { verdict: green, fingerprint: 'f2' } }), gate, state),
    ).toBeUndefined();
    expect(await knownVerdict(run({}, { green: 1, red: 0, last: green }), gate, state)).toBe(green);
  });

  it('but not where it was one and the other', async () => {
    expect(await knownVerdict(run({}, { green: 1, red: 1, last: green }), gate, state)).toBeUndefined();
  });

  it('but not where parts were not run that are asked for', async () => {
    const inRun = run({ c: { verdict: partial, fingerprint: 'f1' } });
    expect(await knownVerdict(inRun, gate, state)).toBe(partial);
    expect(await knownVerdict(inRun, gate, state, true)).toBeUndefined();
    expect(
      await knownVerdict(run({}, { green: 0, red: 2, last: partial }), gate, state, true),
    ).toBeUndefined();
  });
});
