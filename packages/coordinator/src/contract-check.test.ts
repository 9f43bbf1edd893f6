import { describe, expect, it } from 'vitest';
import { checkActivity, checkExit, checkVerdict } from './contract-check.js';

const part = { name: 'lint', status: 'green', durationMs: 1, logFile: '/log' };
const green = { status: 'green', durationMs: 1 };
const red = { status: 'red', durationMs: 1, exitCode: 1, summary: 'no' };

describe('checkVerdict', () => {
  it.each([
    green,
    red,
    { ...green, cpuMs: 3, parts: [part, { ...part, name: 'test' }] },
    {
      ...red,
      parts: [
        { ...part, status: 'red' },
        { ...part, name: 'test', status: 'skipped' },
      ],
    },
    { status: 'timed-out', durationMs: 1, summary: '' },
    { status: 'broken', durationMs: 1, message: 'no shell' },
  ])('takes %j', (verdict) => {
    expect(checkVerdict('gate', verdict)).toEqual(verdict);
  });

  it.each([
    { status: 'grey', durationMs: 1 },
    { status: 'green' },
    { ...green, cpuMs: -1 },
    { ...green, cpuMs: Number.NaN },
    { ...red, summary: undefined },
    { ...red, exitCode: 'one' },
    { status: 'broken', durationMs: 1 },
    { ...green, parts: [] },
    { ...green, parts: 'lint' },
    { ...green, parts: [null] },
    { ...green, parts: [{ ...part, logFile: undefined }] },
    { ...green, parts: [part, part] },
    // What would let work land that a command has refused.
    { ...green, parts: [part, { ...part, name: 'test', status: 'red' }] },
    { ...green, parts: [part, { ...part, name: 'test', status: 'skipped' }] },
    { ...red, parts: [part] },
  ])('refuses %j', (verdict) => {
    expect(() => checkVerdict('gate', verdict)).toThrow(
      expect.objectContaining({ code: 'PWT_PLUGIN_MISBEHAVED' }),
    );
  });
});

describe('what an agent has used', () => {
  const activity = { kind: 'usage', text: 'turn completed' };
  const exit = { kind: 'exited', exitCode: 0, durationMs: 1 };

  it.each([undefined, {}, { inputTokens: 0 }, { inputTokens: 7, outputTokens: 3, costUsd: 0.25 }])(
    'is taken: %j',
    (usage) => {
      expect(checkActivity('launcher', { ...activity, total: usage }).total).toEqual(usage);
      expect(checkExit('launcher', { ...exit, usage }).usage).toEqual(usage);
    },
  );

  it.each([
    null,
    7,
    '7',
    [7],
    { inputTokens: '7' },
    { outputTokens: -1 },
    { costUsd: Number.NaN },
    { costUsd: Number.POSITIVE_INFINITY },
    { inputTokens: 1, costUsd: null },
  ])('is refused: %j', (usage) => {
    const refusal = expect.objectContaining({ code: 'PWT_PLUGIN_MISBEHAVED' });
    expect(() => checkActivity('launcher', { ...activity, total: usage })).toThrow(refusal);
    expect(() => checkExit('launcher', { ...exit, usage })).toThrow(refusal);
  });
});
