import type { ResourceSample } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { GateSlots, type MachineLoad, slotsFor } from './gate-slots.js';

const GB = 1024 ** 3;
const sample: ResourceSample = {
  cpuPercent: 5,
  memoryPercent: 10,
  memoryTotalBytes: 32 * GB,
  memoryAvailableBytes: 30 * GB,
  diskTotalBytes: GB,
  diskAvailableBytes: GB,
  cpuCount: 8,
};

/** A machine, and what it was told to expect. */
function machine(more: Partial<MachineLoad> = {}) {
  const expected: number[] = [];
  const load: MachineLoad = {
    paused: undefined,
    sample,
    expect: (cores) => void expected.push(cores),
    ...more,
  };
  return { load, expected };
}

describe('slotsFor', () => {
  it.each([
    ['a gate of which nothing is known', 8, 32, undefined, 4],
    ['the same on two cores', 2, 32, undefined, 1],
    ['one that keeps every core busy', 8, 32, 7.5, 1],
    ['one that uses a core', 8, 64, 1, 8],
    ['one that waits', 2, 32, 0.01, 8],
    ['one that waits, with little memory', 2, 5, 0.01, 2],
    ['a machine with less than one core', 0.5, 1, undefined, 1],
  ])('%s', (_, cpuCount, gigabytes, cores, slots) => {
    expect(slotsFor({ cpuCount, memoryTotalBytes: gigabytes * GB }, cores)).toBe(slots);
  });
});

describe('GateSlots', () => {
  it('is one before the machine was looked at, and what the user wants in any case', () => {
    const { load } = machine({ sample: undefined });
    expect(new GateSlots({ wanted: undefined, machine: load }).count).toBe(1);
    expect(new GateSlots({ wanted: 3, machine: load }).count).toBe(3);
  });

  it('goes by what earlier runs have seen, and then by what this run sees', () => {
    const { load, expected } = machine();
    const slots = new GateSlots({
      wanted: undefined,
      machine: load,
      seen: { durationMs: 1000, cpuMs: 4000 },
    });
    expect(slots.count).toBe(2);
    slots.started();
    slots.finished({ status: 'red', durationMs: 1000, cpuMs: 2000, exitCode: 1, summary: '' });
    expect(slots.count).toBe(4);
    slots.finished({ status: 'green', durationMs: 1000 });
    slots.started();
    expect(slots.count).toBe(4);
    expect(expected).toEqual([4, 2]);
  });

  it('expects nothing of a gate of which nothing is known', () => {
    const { load, expected } = machine();
    new GateSlots({ wanted: undefined, machine: load }).started();
    expect(expected).toEqual([]);
  });

  it('lets one gate run on a busy machine, and no further one', () => {
    const { load } = machine({ paused: 'CPU at 97 %' });
    const slots = new GateSlots({ wanted: 4, machine: load });
    expect([slots.mayStart(0), slots.mayStart(1)]).toEqual([true, false]);
    const idle = new GateSlots({ wanted: 2, machine: machine().load });
    expect([0, 1, 2].map((running) => idle.mayStart(running))).toEqual([true, true, false]);
  });
});
