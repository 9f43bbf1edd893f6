import type { MachineSample, ResourceSample } from '@pwt/core';
import { ManualClock } from '@pwt/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { SampleLog } from './sample-log.js';

const load = { cpuPercent: 1, memoryPercent: 1, cpuCount: 4 };
const machine = (name: string, more: Partial<MachineSample> = {}): MachineSample => ({
  ...{ name, state: 'ready', ...load, agents: 0, maxAgents: 8, labels: {} },
  ...more,
});
const sample = (machines?: readonly MachineSample[]): ResourceSample => ({
  ...load,
  ...{ memoryTotalBytes: 1, memoryAvailableBytes: 1, diskTotalBytes: 1, diskAvailableBytes: 1 },
  ...(machines && { machines }),
});

describe('what of samples goes into the log', () => {
  let clock: ManualClock;
  let log: SampleLog;
  /** The machines of what is recorded a second later; `false` where nothing is. */
  const next = async (machines?: readonly MachineSample[], ms = 1000) => {
    await clock.advance(ms);
    const taken = log.take(sample(machines));
    return taken === undefined ? false : taken.machines;
  };
  beforeEach(() => {
    clock = new ManualClock();
    log = new SampleLog(clock);
  });

  it('is one in five seconds', async () => {
    const taken = [];
    for (let at = 0; at < 11; at += 1) taken.push((await next()) !== false);
    expect(taken.flatMap((is, at) => (is ? [at] : []))).toEqual([0, 5, 10]);
  });

  it('has the machines when something has changed of them, and after a minute', async () => {
    const idle = [machine('w1')];
    expect(await next(idle)).toEqual(idle);
    expect(await next(idle, 5000)).toBeUndefined();
    const busy = [machine('w1', { cpuPercent: 90 })];
    expect(await next(busy, 5000)).toBeUndefined();
    const working = [machine('w1', { agents: 1 })];
    expect(await next(working, 1000)).toEqual(working);
    const draining = [machine('w1', { agents: 1, state: 'draining' })];
    expect(await next(draining, 1000)).toBe(false);
    expect(await next(draining, 4000)).toEqual(draining);
    expect(await next([machine('w1', { agents: 1, state: 'draining', cpuPercent: 7 })], 60_000)).toHaveLength(
      1,
    );
    expect(await next([], 5000)).toEqual([]);
  });

  it('is bounded with a thousand machines that change all the time', async () => {
    let bytes = 0;
    for (let at = 0; at < 600; at += 1) {
      await clock.advance(1000);
      const machines = Array.from({ length: 1000 }, (_, nr) =>
        machine(`worker-${nr}`, { agents: (at + nr) % 9, labels: { gpu: '1', os: 'linux' } }),
      );
      const taken = log.take(sample(machines));
      expect(taken?.machines?.length ?? 0).toBeLessThanOrEqual(100);
      if (taken?.machines) expect(Math.min(...taken.machines.map(({ agents }) => agents))).toBeGreaterThan(6);
      bytes += taken === undefined ? 0 : JSON.stringify(taken).length;
    }
    // Ten minutes: less than half a megabyte.
    expect(bytes).toBeLessThan(500_000);
  });
});
