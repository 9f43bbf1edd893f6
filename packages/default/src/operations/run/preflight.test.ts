import { tmpdir } from 'node:os';
import type { ResourceSample } from '@pwt/core';
import { FixedResourceMonitor } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { completeConfig } from '../../config/resolve.js';
import { checkMachine } from '../../doctor/machine.js';
import { bearableInstances, preflight } from './preflight.js';

const GB = 1024 ** 3;
const sample: ResourceSample = {
  cpuPercent: 10,
  memoryPercent: 10,
  memoryTotalBytes: 8 * GB,
  memoryAvailableBytes: 7 * GB,
  diskTotalBytes: 100 * GB,
  diskAvailableBytes: 50 * GB,
  cpuCount: 4,
};
const config = (maxInstances: number) => ({
  ...completeConfig('/', { maxInstances }),
  repositoryCommands: [],
});
const monitor = (change: Partial<ResourceSample> = {}) => new FixedResourceMonitor({ ...sample, ...change });

describe('preflight', () => {
  it('has nothing to say about a machine that bears it', async () => {
    expect(await preflight(config(4), monitor(), {})).toEqual([]);
  });

  it('warns of more agents than the machine bears', async () => {
    expect(await preflight(config(9), monitor(), {})).toMatchObject([
      { code: 'PWT_MANY_INSTANCES', severity: 'warning' },
    ]);
  });

  it('refuses a full disk', async () => {
    await expect(preflight(config(1), monitor({ diskAvailableBytes: 0.5 * GB }), {})).rejects.toMatchObject({
      code: 'PWT_DISK_FULL',
    });
  });

  it('does not wait for a measurement of the load where the monitor can tell without', async () => {
    const { cpuPercent: _cpu, memoryPercent: _memory, ...capacity } = sample;
    const unmeasured = {
      name: 'unmeasured',
      capacity: async () => capacity,
      sample: () => Promise.reject(new Error('the load was measured')),
    };
    expect(await preflight(config(4), unmeasured, {})).toEqual([]);
  });

  it('warns of a TMPDIR that agents can not use', async () => {
    for (const TMPDIR of ['/nonexistent/it is', '/dev/null']) {
      expect(await preflight(config(1), monitor(), { TMPDIR })).toMatchObject([
        { code: 'PWT_TMPDIR_UNUSABLE', severity: 'warning', hint: expect.stringContaining('unset TMPDIR') },
      ]);
    }
    expect(await preflight(config(1), monitor(), { TMPDIR: tmpdir() })).toEqual([]);
  });

  it('lets one agent run on any machine', () => {
    expect(bearableInstances({ ...sample, memoryTotalBytes: 0.5 * GB, cpuCount: 0.5 })).toBe(1);
    expect(bearableInstances(sample)).toBe(8);
  });
});

describe('checkMachine', () => {
  it('tells enough, little and too little apart', () => {
    const checks = checkMachine({ ...sample, diskAvailableBytes: 4 * GB, memoryTotalBytes: 16 * GB });
    expect(checks.map(({ name, status }) => [name, status])).toEqual([
      ['disk', 'warning'],
      ['memory', 'ok'],
      ['cores', 'note'],
    ]);
    expect(checks[0]?.fix).toBe('pwt clean');
  });
});
