import { describe, expect, it } from 'vitest';
import {
  checkActivity,
  checkExit,
  checkMoved,
  checkSample,
  checkVerdict,
  checkWorkspace,
} from './contract-check.js';

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

const refused = expect.objectContaining({ code: 'PWT_PLUGIN_MISBEHAVED' });

describe('where something is', () => {
  const workspace = { id: '1', provider: 'p', kind: 'task', runId: 'r', path: '/w', base: '0' };
  const outcome = { status: 'kept', reason: 'no' };
  const lost = { kind: 'lost', durationMs: 1 };

  it('is taken as the name of a machine, or left out', () => {
    for (const host of [undefined, 'w1']) {
      expect(checkWorkspace('provider', 'create', { ...workspace, host }).host).toBe(host);
      expect(checkExit('launcher', { ...lost, lostWith: host }).lostWith).toBe(host);
    }
  });

  it.each(['', 7, {}])('is refused as %j', (host) => {
    expect(() => checkWorkspace('provider', 'create', { ...workspace, host })).toThrow(refused);
    expect(() => checkExit('launcher', { ...lost, lostWith: host })).toThrow(refused);
  });

  it('is no loss for an agent that has ended', () => {
    const exit = { kind: 'exited', exitCode: 0, durationMs: 1, lostWith: 'w1' };
    expect(() => checkExit('launcher', exit)).toThrow(refused);
  });

  it('may change with a move, of the same workspace', () => {
    const moved = { workspace: { ...workspace, path: '/v', host: 'w2' }, outcome };
    expect(checkMoved('provider', moved, workspace).workspace).toMatchObject({ path: '/v', host: 'w2' });
    const other = { workspace: { ...workspace, id: '2' }, outcome };
    expect(() => checkMoved('provider', other, workspace)).toThrow(refused);
  });
});

describe('the machines of a sample', () => {
  const sample = { cpuPercent: 1, memoryPercent: 1, diskAvailableBytes: 1 };
  const load = { cpuPercent: 1, memoryPercent: 1, cpuCount: 4, agents: 0, maxAgents: 2 };
  const machine = { name: 'w1', state: 'ready', ...load, labels: { gpu: '1' }, refuses: ['the gate'] };

  it.each([[[]], [[machine, { ...machine, name: 'w2', state: 'silent' }]]])('are taken: %j', (machines) => {
    expect(checkSample('monitor', { ...sample, machines }).machines).toEqual(machines);
  });

  it.each([
    ['w1'],
    [[null]],
    [[{ ...machine, name: '' }]],
    [[{ ...machine, state: 'lost' }]],
    [[{ ...machine, agents: Number.NaN }]],
    [[{ ...machine, labels: { gpu: 1 } }]],
    [[{ ...machine, refuses: 'all' }]],
  ])('are refused: %j', (machines) => {
    expect(() => checkSample('monitor', { ...sample, machines })).toThrow(refused);
  });
});
