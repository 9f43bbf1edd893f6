import { Writable } from 'node:stream';
import { EVENT_VERSION, type Finding, type NewRunEvent, type RunEvent } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import type { Io } from '../io.js';
import { nextStepLines } from './next-steps-text.js';
import { lineSink } from './run-sinks.js';

const finding: Finding = {
  kind: 'config',
  severity: 'error',
  taskIds: ['1'],
  message: 'core.bare was set to true. The agent of task 1 was running.',
  hint: 'Put it back.',
};
const refused = (message: string, hint: string): NewRunEvent => ({
  type: 'warning',
  diagnostic: { code: 'PWT_LAND_REFUSED', severity: 'warning', message, hint },
});
const same = refused('core.bare was set to true.', 'Put it back.');

/** What is printed of these events, as lines without their time. */
async function printed(...events: readonly NewRunEvent[]): Promise<string[]> {
  let text = '';
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const sink = lineSink({ stdout } as unknown as Io);
  for (const [at, event] of events.entries())
    await sink.onEvent({ v: EVENT_VERSION, seq: at + 1, at, runId: 'r', ...event } as RunEvent);
  await sink.close?.();
  return text
    .trimEnd()
    .split('\n')
    .filter(Boolean)
    .map((line) => line.slice(9));
}

describe('why nothing lands', () => {
  it('is said once while the run goes on: by the finding, or by the warning where there is none', async () => {
    expect(await printed({ type: 'finding', finding }, same)).toEqual([
      `error: ${finding.message} Put it back.`,
    ]);
    expect(await printed(same)).toEqual([
      'warning PWT_LAND_REFUSED: core.bare was set to true. Put it back.',
    ]);
    const other = refused('a.txt is in the way.', 'Move it.');
    expect(await printed({ type: 'finding', finding }, other)).toHaveLength(2);
  });

  it('is called put right once it is', async () => {
    expect(await printed({ type: 'finding', finding }, { type: 'finding-resolved', finding })).toEqual([
      `error: ${finding.message} Put it back.`,
      `put right: ${finding.message}`,
    ]);
  });

  it('is said once at the end: what to do next does not repeat a finding', () => {
    const step = {
      action: 'Land 1',
      why: ['Not landed: core.bare was set to true.', 'Put it back.'],
      taskIds: ['1'],
      command: 'pwt land',
    };
    expect(nextStepLines([step], [finding])).toEqual(['Land 1: pwt land']);
    for (const findings of [[], [{ ...finding, resolved: true as const }]])
      expect(nextStepLines([step], findings)).toEqual([...step.why, 'Land 1: pwt land']);
  });
});

it('says at the start what is about no single spec', async () => {
  const about = { code: 'PWT_X', severity: 'info' } as const;
  const diagnostics = [
    { ...about, message: 'Hooks do not run.', hint: 'Use the gate.' },
    { ...about, message: 'About a spec.', taskIds: ['1'] },
    { ...about, severity: 'error' as const, message: 'Is in the plan.' },
  ];
  expect(await printed({ type: 'run-planned', order: [], diagnostics })).toEqual([
    expect.any(String),
    expect.stringContaining('Hooks do not run. Use the gate.'),
  ]);
});
