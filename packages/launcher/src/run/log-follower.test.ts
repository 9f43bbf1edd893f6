import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFollower } from './log-follower.js';

let dir: string;
let path: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pwt-log-'));
  path = join(dir, 'log');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const next = async (follower: LogFollower): Promise<string[]> => {
  const lines: string[] = [];
  for await (const batch of follower.batches()) lines.push(...batch);
  return lines;
};

describe('LogFollower', () => {
  it('waits for a file, for complete lines, and for complete characters', async () => {
    const follower = new LogFollower(path);
    expect(await next(follower)).toEqual([]);
    const bytes = Buffer.from('first\nsécond\n\nrest');
    await appendFile(path, bytes.subarray(0, 8));
    expect(await next(follower)).toEqual(['first']);
    await appendFile(path, bytes.subarray(8));
    expect(await next(follower)).toEqual(['sécond', '']);
    expect(await next(follower)).toEqual([]);
    expect(follower.rest()).toEqual(['rest']);
    expect(follower.rest()).toEqual([]);
  });

  it('gives the same lines however the file is cut', async () => {
    const lines = Array.from({ length: 40_000 }, (_, index) => `${index} ${'é'.repeat(index % 40)}`);
    await appendFile(path, `${lines.join('\n')}\n`);
    expect(await next(new LogFollower(path))).toEqual(lines);
  });

  it('drops a line that is too long, and nothing else', async () => {
    await appendFile(path, `before\n${'x'.repeat(3 * 1024 * 1024)}\nafter\n`);
    const follower = new LogFollower(path);
    expect(await next(follower)).toEqual(['before', 'after']);
    expect(follower.rest()).toEqual([]);
  });
});
