import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { resourceMonitorSuite } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { fakeHost, GiB, ManualMeterClock, makeRoot, writeFiles } from '../test/support.js';
import { inspectMachine, SystemResourceMonitor } from './index.js';

const diskPath = tmpdir();
const app = 'sys/fs/cgroup/app';
const limits = {
  'proc/self/cgroup': '0::/app',
  [`${app}/cpu.max`]: '200000 100000',
  [`${app}/cpu.stat`]: 'usage_usec 1000000',
  [`${app}/memory.max`]: 4 * GiB,
  [`${app}/memory.current`]: GiB,
};

resourceMonitorSuite({ describe, test: it }, async () => ({
  monitor: new SystemResourceMonitor({
    ...{ diskPath, root: await makeRoot(limits), host: fakeHost(), clock: new ManualMeterClock() },
  }),
  dispose: async () => {},
}));

describe('SystemResourceMonitor', () => {
  it('tells of the whole machine where nothing limits it', async () => {
    const clock = new ManualMeterClock();
    const monitor = new SystemResourceMonitor({ diskPath, root: await makeRoot(), host: fakeHost(), clock });
    expect(await monitor.sample()).toEqual({
      cpuPercent: 25,
      cpuCount: 8,
      memoryPercent: 25,
      memoryTotalBytes: 16 * GiB,
      memoryAvailableBytes: 12 * GiB,
      diskTotalBytes: 100 * GiB,
      diskAvailableBytes: 40 * GiB,
    });
  });

  it('measures nothing for an aborted call, and ends one that is aborted meanwhile', async () => {
    const clock = new ManualMeterClock();
    const monitor = new SystemResourceMonitor({ diskPath, root: await makeRoot(), host: fakeHost(), clock });
    const sample = (abortSignal: AbortSignal) => monitor.sample({ abortSignal });
    await expect(sample(AbortSignal.abort())).rejects.toMatchObject({ code: 'PWT_ABORTED' });
    expect(clock.waits).toBe(0);
    const stop = new AbortController();
    const [aborted, other] = [sample(stop.signal), monitor.sample()];
    stop.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'PWT_ABORTED' });
    expect((await other).cpuCount).toBe(8);
  });

  it('never tells the first load, which is always 0', async () => {
    const clock = new ManualMeterClock();
    const host = fakeHost({}, [0, 60, 70]);
    const monitor = new SystemResourceMonitor({ diskPath, root: await makeRoot(), host, clock });
    expect((await monitor.sample()).cpuPercent).toBe(60);
    expect(clock.waits).toBe(1);
  });

  it('tells what the machine has without waiting, and measures the first load from there', async () => {
    const clock = new ManualMeterClock();
    const host = fakeHost({}, [0, 60]);
    const monitor = new SystemResourceMonitor({ diskPath, root: await makeRoot(limits), host, clock });
    expect(await monitor.capacity()).toEqual({
      cpuCount: 2,
      memoryTotalBytes: 4 * GiB,
      memoryAvailableBytes: 3 * GiB,
      diskTotalBytes: 100 * GiB,
      diskAvailableBytes: 40 * GiB,
    });
    expect(clock.waits).toBe(0);
    clock.advance(1000);
    await monitor.sample();
    expect(clock.waits).toBe(0);
  });

  it('measures a quarter of a second at least', async () => {
    const clock = new ManualMeterClock();
    const host = fakeHost({}, [0, 60]);
    const monitor = new SystemResourceMonitor({ diskPath, root: await makeRoot(), host, clock });
    await monitor.capacity();
    const before = clock.now();
    clock.advance(100);
    expect((await monitor.sample()).cpuPercent).toBe(60);
    expect(clock.now() - before).toBe(250);
  });

  it('repeats the load within a short time, goes on after a while, starts anew after a pause', async () => {
    const clock = new ManualMeterClock();
    const host = fakeHost({}, [0, 10, 20, 30, 40]);
    const monitor = new SystemResourceMonitor({ diskPath, root: await makeRoot(), host, clock });
    const load = async () => (await monitor.sample()).cpuPercent;
    expect(await load()).toBe(10);
    clock.advance(100);
    expect(await load()).toBe(10);
    clock.advance(1000);
    expect(await load()).toBe(20);
    clock.advance(3_600_000);
    expect(await load()).toBe(40);
    expect(clock.waits).toBe(2);
  });

  it('measures against the quota of its cgroup', async () => {
    const root = await makeRoot(limits);
    // 250 ms later: 250 ms of CPU time more, of the 500 ms that two cores have.
    const clock = new ManualMeterClock(() => writeFiles(root, { [`${app}/cpu.stat`]: 'usage_usec 1250000' }));
    const monitor = new SystemResourceMonitor({ diskPath, root, host: fakeHost({}, [99]), clock });
    expect(await monitor.sample()).toMatchObject({
      cpuPercent: 50,
      cpuCount: 2,
      memoryTotalBytes: 4 * GiB,
      memoryAvailableBytes: 3 * GiB,
      memoryPercent: 25,
    });
  });

  it('never promises more than the machine has', async () => {
    const root = await makeRoot({
      ...limits,
      [`${app}/memory.max`]: 64 * GiB,
      [`${app}/cpu.max`]: '9900000 100000',
    });
    const clock = new ManualMeterClock();
    const monitor = new SystemResourceMonitor({ diskPath, root, host: fakeHost(), clock });
    expect(await monitor.sample()).toMatchObject({
      cpuPercent: 25,
      cpuCount: 8,
      memoryTotalBytes: 16 * GiB,
      memoryAvailableBytes: 12 * GiB,
    });
  });

  it('shares one measurement among those who ask at the same time', async () => {
    const clock = new ManualMeterClock();
    const monitor = new SystemResourceMonitor({ diskPath, root: await makeRoot(), host: fakeHost(), clock });
    const [first, second] = await Promise.all([monitor.sample(), monitor.sample()]);
    expect(second).toBe(first);
  });

  it('measures this machine', async () => {
    const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    try {
      const sample = await new SystemResourceMonitor({ diskPath }).sample();
      expect(sample.cpuPercent).toBeGreaterThan(0);
      expect(sample.cpuPercent).toBeLessThanOrEqual(100);
      expect(sample.cpuCount).toBeGreaterThan(0);
      expect(sample.memoryPercent).toBeGreaterThan(0);
      expect(sample.memoryAvailableBytes).toBeLessThan(sample.memoryTotalBytes);
      expect(sample.diskAvailableBytes).toBeLessThanOrEqual(sample.diskTotalBytes);
    } finally {
      busy.kill('SIGKILL');
      await once(busy, 'exit');
    }
  });
});

describe('inspectMachine', () => {
  it('describes what there is, with the limits of the cgroup by name', async () => {
    expect(await inspectMachine({ diskPath, root: await makeRoot(limits), host: fakeHost() })).toEqual({
      cpuCount: 2,
      memoryTotalBytes: 4 * GiB,
      memoryAvailableBytes: 3 * GiB,
      diskTotalBytes: 100 * GiB,
      diskAvailableBytes: 40 * GiB,
      cgroup: { cpuQuota: 2, memoryLimitBytes: 4 * GiB },
    });
    expect((await inspectMachine({ diskPath, root: await makeRoot(), host: fakeHost() })).cgroup).toEqual({});
  });
});
