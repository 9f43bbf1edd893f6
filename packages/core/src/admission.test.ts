import { describe, expect, it } from 'vitest';
import { Admission } from './admission.js';
import type { Clock } from './clock.js';
import type { ResourceMonitor, ResourceSample } from './resources.js';

/** Says what the test has set. */
class FixedMonitor implements ResourceMonitor {
  readonly name = 'fixed';
  current: ResourceSample;

  constructor(sample: Partial<ResourceSample> = {}) {
    this.current = {
      ...{ cpuPercent: 10, memoryPercent: 10, cpuCount: 4 },
      ...{ memoryTotalBytes: 16 * 1024 ** 3, memoryAvailableBytes: 14 * 1024 ** 3 },
      ...{ diskTotalBytes: 100 * 1024 ** 3, diskAvailableBytes: 50 * 1024 ** 3 },
      ...sample,
    };
  }

  async sample(): Promise<ResourceSample> {
    return this.current;
  }
}

/** A clock whose timers fire when the test says so. */
class StepClock implements Clock {
  #due: (() => void)[] = [];
  now = () => 0;
  after = (_ms: number, callback: () => void) => {
    this.#due.push(callback);
    return () => undefined;
  };
  async tick(): Promise<void> {
    const due = this.#due;
    this.#due = [];
    for (const callback of due) callback();
    await new Promise(setImmediate);
  }
}

const limits = { maxCpuPercent: 80, maxMemoryPercent: 80, minDiskBytes: 1024 ** 3 };

async function watching(monitor: ResourceMonitor) {
  const clock = new StepClock();
  const changes: (string | undefined)[] = [];
  const errors: unknown[] = [];
  const samples: ResourceSample[] = [];
  const admission = new Admission({
    sample: () => monitor.sample(),
    limits,
    clock,
    onSample: (sample) => samples.push(sample),
    onChange: (paused) => changes.push(paused),
    onError: (error) => errors.push(error),
  });
  admission.start();
  await new Promise(setImmediate);
  return { admission, clock, changes, errors, samples };
}

describe('Admission', () => {
  it('waits for a machine where agents work on others, and says so', async () => {
    const monitor = new FixedMonitor({ machines: [] });
    const { admission, clock } = await watching(monitor);
    expect(admission.paused).toBe('no machine is ready');
    const load = { cpuPercent: 0, memoryPercent: 0, cpuCount: 1 };
    const machine = { name: 'a', ...load, agents: 0, maxAgents: 1, labels: {} };
    for (const [state, paused] of [
      ['silent', 'no machine is ready'],
      ['draining', 'no machine is ready'],
      ['ready', undefined],
    ] as const) {
      monitor.current = { ...monitor.current, machines: [{ ...machine, state }] };
      await clock.tick();
      expect(admission.paused).toBe(paused);
    }
  });

  it('lets a burst of CPU pass, pauses when it lasts, and goes on only well below the limit', async () => {
    const monitor = new FixedMonitor({ cpuPercent: 10 });
    const { admission, clock, changes } = await watching(monitor);
    await clock.tick();
    monitor.current = { ...monitor.current, cpuPercent: 100 };
    await clock.tick();
    expect(admission.paused).toBeUndefined();
    await clock.tick();
    await clock.tick();
    expect(admission.paused).toBe('CPU at 100 % (limit 80 %)');
    monitor.current = { ...monitor.current, cpuPercent: 78 };
    for (let i = 0; i < 4; i += 1) await clock.tick();
    expect(admission.paused).toBe('CPU at 78 % (limit 80 %)');
    monitor.current = { ...monitor.current, cpuPercent: 70 };
    for (let i = 0; i < 4; i += 1) await clock.tick();
    expect(admission.paused).toBeUndefined();
    expect(changes).toEqual(
      ['CPU at 85 % (limit 80 %)', undefined].map((x) => x && expect.stringMatching(/^CPU at/)),
    );
  });

  it('pauses at once for memory and disk, and names them', async () => {
    const monitor = new FixedMonitor({ memoryPercent: 91 });
    const { admission, clock } = await watching(monitor);
    expect(admission.paused).toBe('memory at 91 % (limit 80 %)');
    monitor.current = { ...monitor.current, memoryPercent: 5, diskAvailableBytes: 0.5 * 1024 ** 3 };
    await clock.tick();
    expect(admission.paused).toBe('only 0.5 GB of disk left (limit 1.0 GB)');
  });

  it('lets work go on when the machine can not be measured, and says so once', async () => {
    const broken = { name: 'broken', sample: async () => Promise.reject(new Error('no /proc')) };
    const { admission, clock, errors } = await watching(broken);
    await clock.tick();
    await clock.tick();
    expect(errors).toHaveLength(1);
    expect(admission.paused).toBeUndefined();
  });

  it('samples no more after stop', async () => {
    const { admission, clock, samples } = await watching(new FixedMonitor());
    admission.stop();
    await clock.tick();
    await clock.tick();
    expect(samples).toHaveLength(1);
  });

  it('counts what has just started, until the samples show it', async () => {
    const monitor = new FixedMonitor({ cpuPercent: 40, cpuCount: 4 });
    const { admission, clock, changes } = await watching(monitor);
    await clock.tick();
    await clock.tick();
    admission.expect(3);
    expect(admission.paused).toBe('CPU at 100 % (limit 80 %)');
    // It takes less than expected: sample by sample, what is measured counts instead.
    await clock.tick();
    expect(admission.paused).toBe('CPU at 90 % (limit 80 %)');
    await clock.tick();
    expect(admission.paused).toBeUndefined();
    await clock.tick();
    expect(changes.length).toBe(2);
  });

  it('takes no expectation for a load before the machine was measured', async () => {
    const monitor = { name: 'slow', sample: () => new Promise<ResourceSample>(() => undefined) };
    const { admission } = await watching(monitor);
    admission.expect(64);
    expect(admission.paused).toBeUndefined();
    expect(admission.sample).toBeUndefined();
  });
});
