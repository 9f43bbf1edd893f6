import { describe, expect, it } from 'vitest';
import { GiB, makeRoot } from '../../test/support.js';
import { cgroupCpuMs, cgroupCpuQuota } from './cpu.js';
import { cgroupMemory } from './memory.js';

const v2 = 'sys/fs/cgroup';

describe('memory of a cgroup', () => {
  it('has no limit where there is no cgroup', async () => {
    expect(await cgroupMemory(await makeRoot())).toBeUndefined();
    expect(await cgroupMemory(await makeRoot({ 'proc/self/cgroup': 'nonsense' }))).toBeUndefined();
  });

  it('has no limit where the cgroup sets none', async () => {
    const root = await makeRoot({
      'proc/self/cgroup': '0::/app',
      [`${v2}/app/memory.max`]: 'max',
      [`${v2}/app/memory.current`]: GiB,
    });
    expect(await cgroupMemory(root)).toBeUndefined();
  });

  it('counts the inactive part of the page cache as available', async () => {
    const root = await makeRoot({
      'proc/self/cgroup': '0::/app',
      [`${v2}/app/memory.max`]: 4 * GiB,
      [`${v2}/app/memory.current`]: 3 * GiB,
      [`${v2}/app/memory.stat`]: `anon 1\nactive_file 7\ninactive_file ${GiB}\nslab 9`,
    });
    expect(await cgroupMemory(root)).toEqual({ limitBytes: 4 * GiB, availableBytes: 2 * GiB });
  });

  it('obeys every ancestor: the lowest limit, and the least that any leaves', async () => {
    const root = await makeRoot({
      'proc/self/cgroup': '0::/slice/app',
      [`${v2}/slice/memory.max`]: 8 * GiB,
      [`${v2}/slice/memory.current`]: 7.5 * GiB,
      [`${v2}/slice/app/memory.max`]: 4 * GiB,
      [`${v2}/slice/app/memory.current`]: 1 * GiB,
    });
    expect(await cgroupMemory(root)).toEqual({ limitBytes: 4 * GiB, availableBytes: 0.5 * GiB });
  });

  it('reads the mount itself where the path is one of the host', async () => {
    const root = await makeRoot({
      'proc/self/cgroup': '4:memory:/docker/abc\n0::/',
      [`${v2}/memory/memory.limit_in_bytes`]: 2 * GiB,
      [`${v2}/memory/memory.usage_in_bytes`]: 1.5 * GiB,
      [`${v2}/memory/memory.stat`]: `inactive_file 5\ntotal_inactive_file ${0.5 * GiB}`,
    });
    expect(await cgroupMemory(root)).toEqual({ limitBytes: 2 * GiB, availableBytes: 1 * GiB });
  });

  it('knows how version 1 says that there is no limit', async () => {
    const root = await makeRoot({
      'proc/self/cgroup': '4:memory:/',
      [`${v2}/memory/memory.limit_in_bytes`]: '9223372036854771712',
    });
    expect(await cgroupMemory(root)).toBeUndefined();
  });
});

describe('CPU of a cgroup', () => {
  it('has a quota in cores, the lowest on the way up', async () => {
    const root = await makeRoot({
      'proc/self/cgroup': '0::/slice/app',
      [`${v2}/slice/cpu.max`]: '150000 100000',
      [`${v2}/slice/app/cpu.max`]: 'max 100000',
    });
    expect(await cgroupCpuQuota(root)).toBe(1.5);
  });

  it('measures the cgroup that the quota is shared in', async () => {
    const root = await makeRoot({
      'proc/self/cgroup': '0::/slice/app',
      [`${v2}/slice/cpu.max`]: '150000 100000',
      [`${v2}/slice/cpu.stat`]: 'usage_usec 9000000\nuser_usec 1',
      [`${v2}/slice/app/cpu.max`]: 'max 100000',
      [`${v2}/slice/app/cpu.stat`]: 'usage_usec 4000000',
    });
    expect(await cgroupCpuMs(root)).toBe(9000);
  });

  it('reads version 1', async () => {
    const root = await makeRoot({
      'proc/self/cgroup': '3:cpu,cpuacct:/box',
      [`${v2}/cpu,cpuacct/box/cpu.cfs_quota_us`]: 200_000,
      [`${v2}/cpu,cpuacct/box/cpu.cfs_period_us`]: 50_000,
      [`${v2}/cpu,cpuacct/box/cpuacct.usage`]: 7_000_000_000,
    });
    expect(await cgroupCpuQuota(root)).toBe(4);
    expect(await cgroupCpuMs(root)).toBe(7000);
  });

  it('has no quota where version 1 says -1', async () => {
    const root = await makeRoot({
      'proc/self/cgroup': '1:cpu:/',
      [`${v2}/cpu/cpu.cfs_quota_us`]: -1,
      [`${v2}/cpu/cpu.cfs_period_us`]: 100_000,
    });
    expect(await cgroupCpuQuota(root)).toBeUndefined();
  });
});
