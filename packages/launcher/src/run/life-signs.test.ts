import { appendFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { makePlace } from '../../test/support.js';
import { LifeSigns } from './life-signs.js';

let log: string;
let kept: number | undefined;

beforeEach(async () => {
  log = join((await makePlace()).root, 'log');
  kept = undefined;
});

const watch = (startedAt: number) =>
  new LifeSigns({
    startedAt,
    logs: [{ path: log, isSign: (line) => !line.startsWith('retry') }],
    recall: async () => kept,
    keep: async (at) => {
      kept = at;
    },
  });

/** Written at a time in milliseconds. */
async function write(text: string, at: number): Promise<void> {
  await appendFile(log, text);
  await utimes(log, at / 1000, at / 1000);
}

describe('LifeSigns', () => {
  it('counts what is written, and not that something is tried again', async () => {
    const signs = watch(1000);
    expect(await signs.lastAt(), 'no log yet').toBe(1000);
    await write('working\n', 2000);
    expect(await signs.lastAt()).toBe(2000);
    await write('retry 1\n', 3000);
    await write('retry 2\n', 4000);
    expect(await signs.lastAt()).toBe(2000);
    expect(await signs.lastAt()).toBe(2000);
    await write('retry 3\nworking\nretry 4\n', 5000);
    expect(await signs.lastAt(), 'a sign among them').toBe(5000);
    await write('...', 6000);
    expect(await signs.lastAt(), 'progress without an end of line').toBe(6000);
  });

  it('goes on from what an earlier program has seen', async () => {
    const first = watch(1000);
    await write('working\n', 2000);
    await first.lastAt();
    await write('retry 1\n', 3000);
    await first.lastAt();
    expect(kept).toBe(2000);
    await write('retry 2\n', 9000);
    expect(await watch(1000).lastAt()).toBe(2000);
    await write('working\n', 10_000);
    expect(await watch(1000).lastAt()).toBe(10_000);
  });

  it('dates nothing by a log that is empty', async () => {
    await writeFile(log, '');
    expect(await watch(1000).lastAt()).toBe(1000);
  });
});
