import assert from 'node:assert/strict';
import type { ResourceCapacity, ResourceMonitor, ResourceSample } from '@pwt/core';
import { assertAborted } from './abort-checks.js';
import { type Disposable, type TestRunner, using } from './runner.js';

export interface ResourceMonitorHarness extends Disposable {
  readonly monitor: ResourceMonitor;
}

/** Proves that a {@link ResourceMonitor} keeps its contract. */
export function resourceMonitorSuite(runner: TestRunner, open: () => Promise<ResourceMonitorHarness>): void {
  const test = (name: string, body: (harness: ResourceMonitorHarness) => Promise<void>) =>
    runner.test(name, () => using(open, body));

  runner.describe('a resource monitor', () => {
    test('has a name for messages', async ({ monitor }) => {
      assert.ok(monitor.name, '`name` must be a word or two that messages can show');
    });

    test('gives a sample that is plausible, each time it is asked', async ({ monitor }) => {
      assertPlausible(await monitor.sample());
      assertPlausible(await monitor.sample({}));
    });

    test('tells what the machine has, where it can, as a sample does', async ({ monitor }) => {
      const capacity = await monitor.capacity?.();
      if (capacity !== undefined) assertPlausibleCapacity(capacity);
    });

    test('answers several calls at once', async ({ monitor }) => {
      for (const sample of await Promise.all([monitor.sample(), monitor.sample()])) assertPlausible(sample);
    });

    test('measures nothing for an aborted request', async ({ monitor }) => {
      await assertAborted('sample()', (abortSignal) => monitor.sample({ abortSignal }));
    });
  });
}

function assertPlausible(sample: ResourceSample): void {
  for (const key of ['cpuPercent', 'memoryPercent'] as const)
    assert.ok(
      sample[key] >= 0 && sample[key] <= 100,
      `\`${key}\` must be a number from 0 to 100, not ${sample[key]}`,
    );
  assertPlausibleCapacity(sample);
}

function assertPlausibleCapacity(machine: ResourceCapacity): void {
  for (const what of ['memory', 'disk'] as const) {
    const [total, available] = [machine[`${what}TotalBytes`], machine[`${what}AvailableBytes`]];
    assert.ok(
      total > 0 && available >= 0 && available <= total,
      `\`${what}AvailableBytes\` (${available}) must be from 0 to \`${what}TotalBytes\` (${total}), in bytes`,
    );
  }
  assert.ok(machine.cpuCount > 0, `\`cpuCount\` must be more than 0, not ${machine.cpuCount}`);
}
