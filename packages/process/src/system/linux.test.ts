import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LinuxSystem, pageBytes, parseStat } from './linux.js';

const STAT =
  '4242 (a) Z 1 (b) S 100 4242 4000 0 -1 4194304 1 2 3 4 50 25 10 5 20 0 7 0 987654 1000000 300 18446744073709551615';

describe('parseStat', () => {
  it('reads the fields behind the last bracket of the command name', () => {
    expect(parseStat(STAT, 4096)).toEqual({
      pid: 4242,
      ppid: 100,
      pgid: 4242,
      session: 4000,
      startTime: '987654',
      terminal: 0,
      zombie: false,
      cpuMs: 900,
      rssBytes: 300 * 4096,
      marks: [],
    });
  });

  it('knows zombies', () => {
    expect(parseStat(STAT.replace(') S', ') Z'), 4096).zombie).toBe(true);
  });
});

describe.runIf(process.platform === 'linux')('LinuxSystem', () => {
  it('knows the size of a page', () => {
    const expected = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
    expect(pageBytes(readFileSync('/proc/self/auxv'))).toBe(expected);
  });

  it('shows this process with its parent and its memory', async () => {
    const self = (await new LinuxSystem().table()).find(({ pid }) => pid === process.pid);
    expect(self).toMatchObject({ ppid: process.ppid, zombie: false });
    const actual = process.memoryUsage.rss();
    expect(self?.rssBytes).toBeGreaterThan(actual / 2);
    expect(self?.rssBytes).toBeLessThan(actual * 2);
  });
});
