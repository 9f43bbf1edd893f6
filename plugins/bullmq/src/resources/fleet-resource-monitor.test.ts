import type { ResourceMonitor, ResourceSample } from '@pwt/core';
import { ManualClock, resourceMonitorSuite } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { presence } from '../../test/doubles/scripted-fleet.js';
import { requirementId } from '../protocol/names.js';
import type { WorkerPresence } from '../protocol/presence.js';
import type { Requirement } from '../protocol/requirement.js';
import { FleetResourceMonitor } from './fleet-resource-monitor.js';

const GB = 1024 ** 3;
const here: ResourceSample = {
  ...{ cpuPercent: 99, memoryPercent: 98, cpuCount: 2, memoryTotalBytes: 4 * GB, memoryAvailableBytes: GB },
  ...{ diskTotalBytes: 80 * GB, diskAvailableBytes: 20 * GB },
};
const local: ResourceMonitor = { name: 'local', sample: async () => here };

const need: Requirement = { repository: 'app', kind: 'task', runsOn: { gpu: '1' }, agents: ['claude'] };
const own = requirementId(need);

function watching(workers: () => readonly WorkerPresence[], clock = new ManualClock()) {
  const requirementOf = (id: string) => (id === own ? need : undefined);
  return new FleetResourceMonitor({ fleet: { workers: async () => workers(), requirementOf }, local, clock });
}

async function refusalsOf(more: Partial<WorkerPresence>): Promise<readonly string[]> {
  const { machines } = await watching(() => [presence('a', more)]).sample();
  return machines?.[0]?.refuses ?? [];
}

resourceMonitorSuite({ describe, test: it }, async () => ({
  monitor: watching(() => [presence('a'), presence('b')]),
  dispose: async () => undefined,
}));

describe('the workers together', () => {
  it('have the sum of what those have that take tasks, and the load of the least busy one', async () => {
    const monitor = watching(() => [
      presence('b', { cpuPercent: 20, memoryPercent: 70 }),
      presence('a', { cpuPercent: 30, memoryPercent: 40, working: 3, labels: { gpu: '1' } }),
      presence('c', { cpuPercent: 0, memoryPercent: 0, state: 'draining' }),
    ]);
    const sample = await monitor.sample();
    expect(sample).toMatchObject({
      ...{ cpuPercent: 30, memoryPercent: 40, cpuCount: 8 },
      ...{ memoryTotalBytes: 16 * GB, memoryAvailableBytes: 12 * GB },
    });
    expect(sample.machines?.map(({ name, state }) => [name, state])).toEqual([
      ['a', 'ready'],
      ['b', 'ready'],
      ['c', 'draining'],
    ]);
    expect(sample.machines?.[0]).toMatchObject({ agents: 3, maxAgents: 8, labels: { gpu: '1' } });
    expect(await monitor.capacity()).toMatchObject({ cpuCount: 8, memoryTotalBytes: 16 * GB });
  });

  it('have the disk of this machine, unless theirs has less room', async () => {
    const roomy = await watching(() => [presence('a')]).sample();
    expect(roomy.diskAvailableBytes).toBe(20 * GB);
    const full = await watching(() => [
      presence('a', { diskTotalBytes: 9 * GB, diskAvailableBytes: GB }),
    ]).sample();
    expect([full.diskTotalBytes, full.diskAvailableBytes]).toEqual([9 * GB, GB]);
  });

  it('say what they refuse of this run, with what to add to their commands', async () => {
    const why = 'the agent claude is not allowed';
    expect(await refusalsOf({ refuses: { [own]: why } })).toEqual([
      `${why} (to its command, add --allow-agent claude --label gpu=1)`,
    ]);
    expect(await refusalsOf({ refuses: { [own]: 'it has no repository app' }, repositories: ['b'] })).toEqual(
      [
        'it has no repository app (to its command, add --remote app=<url> --allow-agent claude --label gpu=1)',
      ],
    );
  });

  it('are asked for no more than they lack, as far as they tell', async () => {
    const agents = [{ name: 'claude', usable: true }];
    expect(await refusalsOf({ refuses: { [own]: 'its label gpu is not set, not 1' }, agents })).toEqual([
      'its label gpu is not set, not 1 (to its command, add --label gpu=1)',
    ]);
  });

  it('say what is missing there that no flag would bring', async () => {
    const message = 'The command "claude" was not found.';
    const agents = [{ name: 'claude', usable: false, message }];
    expect(await refusalsOf({ refuses: { [own]: message }, agents })).toEqual([message]);
  });

  it('say what they refuse of others, without telling how to allow it: each reason once, and few of them', async () => {
    const refuses = {
      x: 'the agent sh is not allowed',
      y: 'the agent sh is not allowed',
      z: 'z',
      v: 'v',
      w: 'w',
    };
    expect(await refusalsOf({ refuses })).toEqual([
      ...['for another run: the agent sh is not allowed', 'for another run: z', 'for another run: v'],
    ]);
  });

  it('say which jobs they have refused', async () => {
    const last = ['the job shell: there is no such operation'];
    expect(await refusalsOf({ refused: { count: 1, last } })).toEqual(last);
    expect(await refusalsOf({ refused: { count: 7, last } })).toEqual([
      ...last,
      '7 such jobs in all; see its own output',
    ]);
  });

  it('are shown as silent for a while, and forgotten then', async () => {
    const clock = new ManualClock();
    let workers: readonly WorkerPresence[] = [presence('a', { working: 2 })];
    const monitor = watching(() => workers, clock);
    await monitor.sample();
    workers = [];
    clock.advance(60_000);
    expect((await monitor.sample()).machines).toEqual([
      expect.objectContaining({ name: 'a', state: 'silent', agents: 0 }),
    ]);
    clock.advance(600_000);
    expect((await monitor.sample()).machines).toEqual([]);
  });

  it.each(['nobody is connected', 'Redis can not be reached'])('say so where %s', async (why) => {
    const monitor = watching(() => {
      if (why === 'nobody is connected') return [];
      throw new Error(why);
    });
    const sample = await monitor.sample();
    expect(sample).toMatchObject({ machines: [], cpuPercent: 0, memoryPercent: 0, cpuCount: 2 });
    expect(await monitor.capacity()).toMatchObject({ cpuCount: 2, diskAvailableBytes: 20 * GB });
  });
});
